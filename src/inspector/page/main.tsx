/** Where the page begins: takes the token out of the address, connects, and draws. */

import { render } from "preact";
import { Address } from "./app/address.js";
import { App } from "./app/app.js";
import { readExport } from "./app/file-source.js";
import { LiveSource } from "./app/live-source.js";
import { loadToken, saveToken } from "./app/preferences.js";
import { takeToken } from "./model/place.js";
import { Page } from "./panels/page.js";
import "./style.css";

const root = document.getElementById("page");
if (root === null) throw new Error("the page has no place for its content");

const { token, rest } = takeToken(location.hash);
if (token !== undefined) {
  saveToken(token);
  history.replaceState(null, "", `${location.pathname}${rest}`);
}

const address = new Address();
const app = new App(rest, () => {
  address.write(app.place);
  render(<Page app={app} onFile={openFile} onToken={useToken} />, root);
});
app.token = token ?? loadToken();
let source = new LiveSource(app, app.token);
let file = new AbortController();
addEventListener("hashchange", ({ newURL }) => app.look(address.read(newURL)));
app.frames.ask();
void source.run();

function openFile(blob: Blob, name: string): void {
  source.stop();
  file.abort();
  file = new AbortController();
  app.look({ at: undefined, acquisition: undefined, semaphore: undefined });
  void readExport(blob, name, app, file.signal);
}

function useToken(token: string): void {
  saveToken(token);
  app.token = token;
  source.stop();
  source = new LiveSource(app, token);
  void source.run();
}
