/** Asks for the token, where the server refuses without the right one. */

import { useState } from "preact/hooks";

export function TokenForm({
  message,
  onToken,
}: {
  readonly message: string;
  readonly onToken: (token: string) => void;
}) {
  const [token, setToken] = useState("");
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== "") onToken(token.trim());
      }}
    >
      <h2>A token is needed</h2>
      <p>{message}</p>
      <p>
        It is printed where the inspector was started, at the end of its address, behind{" "}
        <code>#token=</code>.
      </p>
      <input
        type="password"
        aria-label="Token"
        autocomplete="off"
        value={token}
        onInput={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <button type="submit" class="tool">
        Look
      </button>
    </form>
  );
}
