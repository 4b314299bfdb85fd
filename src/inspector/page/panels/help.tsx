/** Which keys do what. */

import { useEffect, useRef } from "preact/hooks";

const KEYS = [
  ["Space", "play, pause"],
  ["[ and ]", "one event back, one on"],
  ["l", "back to what is now"],
  ["/", "search in the history"],
  [
    "Arrow keys",
    "in a list: the row above, below; on the slider: single events; in the lanes: pan",
  ],
  [
    "+ and −",
    "in the lanes: zoom, as the wheel does; with Shift the wheel pans, with Alt it scrolls",
  ],
  ["End", "in the lanes: follow the newest"],
  ["t", "colours: as the system has them, light, dark"],
  ["Esc", "closes this, or lets go of what is chosen"],
] as const;

export function Help({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const node = dialog.current;
    if (isOpen && !node?.open) node?.showModal();
    if (!isOpen && node?.open) node.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="Keys">
      <h2>Keys</h2>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        An exported history (<code>slotstream export</code>), also a gzipped one, can be opened,
        dropped anywhere on this page, or pasted. It stays in this page: nothing is sent anywhere.
      </p>
      <button type="button" class="tool" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
