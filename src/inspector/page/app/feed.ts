/** What a source of histories, the server or a file, tells the page. */

import type { SourceHeader } from "../model/source-header.js";

export type Connection =
  | { readonly state: "connecting" | "live" | "ended" | "none" }
  /** The server is there, and its source is not; it tries by itself. */
  | { readonly state: "trouble"; readonly message: string }
  /** The server is not there; the page tries by itself. */
  | { readonly state: "lost"; readonly message: string }
  /** A token is needed, or another one. */
  | { readonly state: "refused"; readonly message: string }
  /** What came cannot be read. */
  | { readonly state: "damaged"; readonly message: string };

export interface Feed {
  begin(header: SourceHeader): void;
  receive(lines: readonly string[]): void;
  /** Log time, in milliseconds. */
  now(at: number): void;
  connection(connection: Connection): void;
  /** Resolves when more may come. */
  room(): Promise<void>;
}
