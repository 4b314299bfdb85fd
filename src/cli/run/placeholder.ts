/** The command for one line of `--each`. */

/** `{}` becomes the line wherever it stands; where it stands nowhere, the line comes last, like xargs. */
export function commandFor(line: string, command: readonly string[]): string[] {
  if (command.some((part) => part.includes("{}"))) {
    return command.map((part) => part.replaceAll("{}", () => line));
  }
  return [...command, line];
}
