/**
 * Who may ask at all. Any page in the user's browser can send requests to this computer, so what matters is by which name the
 * server was called (`Host`: a foreign name may have been made to point here), from which page (`Origin`,
 * `Sec-Fetch-Site`), and whether the token was given.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { isLoopback } from "./options.js";
import { Refusal } from "./refusal.js";

const WILDCARDS = new Set(["0.0.0.0", "::"]);
const HTTP_PORT = 80;

export class Guard {
  /**
   * @param host where the server listens, as it was told
   * @param ownName of this computer
   * @param port where it listens indeed
   */
  constructor(
    private readonly host: string,
    private readonly ownName: string,
    private readonly port: number,
    private readonly token: string | undefined,
  ) {}

  /** @throws Refusal unless it was called by a name of its own, and from a page of its own or by no page. */
  admit({ headers, method, url }: IncomingMessage): void {
    const { host = "", origin } = headers;
    if (!this.isOwn(host)) {
      throw new Refusal(421, "WRONG_HOST", `nothing is served under this name. ${this.remedy()}`);
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      throw foreign();
    }
    const site = headers["sec-fetch-site"];
    if (site === undefined || site === "same-origin" || site === "none") return;
    // A link to the page may stand anywhere.
    const isLink =
      headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    if (method === "GET" && url === "/" && isLink) return;
    throw foreign();
  }

  /** @throws Refusal unless it has the token, if there is one. */
  authorise({ headers }: IncomingMessage): void {
    if (this.token === undefined) return;
    const [, given = ""] = /^Bearer (.*)$/i.exec(headers.authorization ?? "") ?? [];
    if (timingSafeEqual(digest(given), digest(this.token))) return;
    throw new Refusal(
      401,
      "NO_TOKEN",
      "the token is missing or wrong. Open the URL that was printed when the inspector was started.",
      { "WWW-Authenticate": 'Bearer realm="slotstream"' },
    );
  }

  private isOwn(hostHeader: string): boolean {
    const [, v6, name = v6, port = HTTP_PORT] =
      /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::(\d+))?$/i.exec(hostHeader) ?? [];
    if (name === undefined || Number(port) !== this.port) return false;
    const called = name.toLowerCase();
    if (isLoopback(called) || called === this.host.toLowerCase()) return true;
    // Whoever rebinds a name needs a name: an address cannot be somebody else's.
    return WILDCARDS.has(this.host) && (isIP(called) > 0 || called === this.ownName.toLowerCase());
  }

  private remedy(): string {
    return `Open it as 127.0.0.1:${this.port}, or start the inspector with the host by which it is reached.`;
  }
}

function foreign(): Refusal {
  return new Refusal(
    403,
    "FOREIGN_PAGE",
    "another site's page may not ask here. Open the inspector's own.",
  );
}

/** Of equal length, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
