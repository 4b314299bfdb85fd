/**
 * What a session says: numbers its commands under a name that the log knows it by, and lets whoever
 * asked a question have the answer.
 */

import type { SessionCommand } from "../core/command.js";
import { answeredSession, type Event } from "../core/event.js";
import type { Inbox } from "../ports.js";
import type { LocalDeadlines } from "./local-deadlines.js";
import { type Question, Questions } from "./questions.js";
import type { SessionPorts } from "./session.js";

export class Sender {
  /** Empty until it says something, and again once the log has forgotten the session. */
  name = "";
  /** Number of the last command. */
  private number = 0;
  private readonly questions = new Questions();

  constructor(
    private readonly ports: SessionPorts,
    private readonly inbox: Inbox,
    private readonly deadlines: LocalDeadlines | undefined,
  ) {}

  /** Somebody waits for an answer. */
  get isAsking(): boolean {
    return this.questions.size > 0;
  }

  /** Log time now, or somewhat less. */
  logTime(): number {
    const { clock, distant } = this.ports;
    return distant ? distant.birth() : clock.now();
  }

  /** Numbers the command and appends it. */
  send(command: SessionCommand, question?: Question): void {
    if (this.name === "") {
      this.name = `${this.logTime()}-${this.ports.ids()}`;
      this.number = 0;
      this.ports.log.join(this.name, this.inbox);
    }
    command.session = this.name;
    command.number = ++this.number;
    if (question) this.questions.add(command.number, question);
    this.ports.log.append(command);
  }

  /** Resolves with the answer. */
  ask(command: SessionCommand): Promise<Event> {
    return new Promise((resolve, reject) => {
      this.send(command, this.question(command, resolve, reject));
    });
  }

  receive(event: Event): void {
    if (this.questions.size > 0 && answeredSession(event) === this.name) {
      this.questions.answer(event);
    }
  }

  /** The log has forgotten the session. What this asked must be asked again, by these numbers. */
  forgotten(): ReadonlyMap<number, Question> {
    this.name = "";
    return this.questions.takeAll();
  }

  /** Nobody will answer. */
  broken(reason: Error): void {
    this.name = "";
    this.questions.fail(reason);
  }

  /** Where the log is elsewhere, it must be answered in time. */
  private question(
    command: SessionCommand,
    resolve: (answer: Event) => void,
    reject: (reason: unknown) => void,
  ): Question {
    if (this.deadlines === undefined) return { command, resolve, reject };
    const question: Question = {
      command,
      resolve: (answer) => {
        settled();
        resolve(answer);
      },
      reject: (reason) => {
        settled();
        reject(reason);
      },
    };
    const settled = this.deadlines.expect(question, (error) => {
      this.questions.drop(question);
      question.reject(error);
    });
    return question;
  }
}
