/** Work and drawing, at most once a frame; now and then only, while nobody looks. */

/** In a hidden page frames never come, but what is sent must still be taken. */
const HIDDEN_MS = 250;

export class Frames {
  private isAsked = false;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(private readonly work: () => void) {}

  /** Work in the next frame. */
  ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    const run = () => {
      this.isAsked = false;
      this.work();
    };
    if (document.hidden) setTimeout(run, HIDDEN_MS);
    else requestAnimationFrame(run);
  }

  /** Work in the first frame after so long, unless work comes before and asks for another time. */
  askIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ms);
  }
}
