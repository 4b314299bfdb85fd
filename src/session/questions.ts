/** What a session asked and waits for an answer to, by the number of the command. */

import type { SessionCommand } from "../core/command.js";
import type { Event } from "../core/event.js";

export interface Question {
  readonly command: SessionCommand;
  resolve(answer: Event): void;
  reject(reason: unknown): void;
}

export class Questions {
  private asked = new Map<number, Question>();

  get size(): number {
    return this.asked.size;
  }

  add(number: number, question: Question): void {
    this.asked.set(number, question);
  }

  /** Nobody waits for its answer any more. */
  drop(question: Question): void {
    const { number } = question.command;
    if (this.asked.get(number) === question) this.asked.delete(number);
  }

  answer(event: Event): void {
    const question = this.asked.get(event.number ?? 0);
    if (question === undefined) return;
    this.drop(question);
    question.resolve(event);
  }

  /** Nobody will answer. */
  fail(reason: Error): void {
    for (const { reject } of this.takeAll().values()) reject(reason);
  }

  /** All of them, which are asked no more. */
  takeAll(): ReadonlyMap<number, Question> {
    const { asked } = this;
    this.asked = new Map();
    return asked;
  }
}
