/** What has happened and was not looked at yet: `take` waits for the next, in order. */
export class Mailbox<T> {
  private readonly letters: { readonly letter: T }[] = [];
  private readonly readers: ((letter: T) => void)[] = [];

  get size(): number {
    return this.letters.length;
  }

  put(letter: T): void {
    const reader = this.readers.shift();
    if (reader) reader(letter);
    else this.letters.push({ letter });
  }

  take(): Promise<T> {
    const first = this.letters.shift();
    if (first) return Promise.resolve(first.letter);
    return new Promise((resolve) => this.readers.push(resolve));
  }
}
