/**
 * Commands as JSON without session and number, which the entry says, the same as `JSON.stringify` writes. A
 * session writes every command, and for those that make up nearly all of them this takes half the time.
 */

import type { SessionCommand, Terms } from "../core/command.js";

const quoted = JSON.stringify;

export class CommandTexts {
  /** The acquires of a semaphore mostly share their terms, which never change. */
  private lastTerms: Terms | undefined;
  private lastText = "";

  of(command: SessionCommand): string {
    switch (command.type) {
      case "acquire":
        return (
          `{"type":"acquire","semaphore":${quoted(command.semaphore)},"acquisition":${quoted(command.acquisition)},` +
          `"value":${command.value},"terms":${this.terms(command.terms)}}`
        );
      case "release":
        return `{"type":"release","acquisition":${quoted(command.acquisition)}}`;
      case "cancel":
        return `{"type":"cancel","acquisition":${quoted(command.acquisition)},"reason":"${command.reason}"}`;
      case "heartbeat":
      case "leave":
      case "reassert":
      case "resize":
      case "revoke": {
        const { session, number, ...rest } = command;
        return quoted(rest);
      }
    }
  }

  private terms(terms: Terms): string {
    if (terms === this.lastTerms) return this.lastText;
    this.lastText = quoted(terms);
    this.lastTerms = terms;
    return this.lastText;
  }
}
