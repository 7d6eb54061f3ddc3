const KEY = "stowage-theme";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** The colours of the scheme in force, as the style sheet gives them. */
export interface Theme {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
  /** By colour number: 0 is the baseline's. */
  readonly policies: readonly string[];
  /** From empty to full. */
  readonly ramp: readonly string[];
}

export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    faint: read("--faint"),
    line: read("--line"),
    surface: read("--surface"),
    policies: Array.from({ length: 8 }, (_, i) => read(`--c${i}`)),
    ramp: Array.from({ length: 5 }, (_, i) => read(`--ramp${i}`)),
  };
}

/** Follows the system's scheme until the reader chooses; paper is always light. `redraw` is called at every change. */
export function startTheme(redraw: () => void): void {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () => (root.dataset["theme"] ?? (prefersDark.matches ? "dark" : "light")) === "dark";
  const show = () => {
    if (button !== null) button.textContent = isDark() ? "Light colours" : "Dark colours";
  };
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") root.dataset["theme"] = chosen;
  if (button !== null) button.hidden = false;
  button?.addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    remember(root.dataset["theme"]);
    show();
    redraw();
  });
  prefersDark.addEventListener("change", () => {
    show();
    redraw();
  });
  for (const [event, printing] of [
    ["beforeprint", true],
    ["afterprint", false],
  ] as const) {
    addEventListener(event, () => {
      root.classList.toggle("printing", printing);
      redraw();
    });
  }
  show();
}

// A page from `file:` may be denied storage; the choice then lasts as long as the page.
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(choice: string): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Nothing to be done.
  }
}
