import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";

const checkout = resolve(import.meta.dirname, "../../..");
const home = join(checkout, "node_modules/.cache/stowage-chromium");

/** Where distributions put a browser, for those who left out the package that brings one. */
const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];

/** A browser, or why there is none. */
export async function launchBrowser(): Promise<Browser | string> {
  try {
    unpack();
    return await chromium.launch({
      executablePath: join(home, "chromium"),
      args: ["--no-sandbox", "--font-render-hinting=none"],
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        LANG: "C.UTF-8",
        TZ: "UTC",
        XDG_CACHE_HOME: home,
        FONTCONFIG_FILE: join(home, "fonts.conf"),
        LD_LIBRARY_PATH: join(home, "al2023", "lib"),
      },
    });
  } catch (cause) {
    const executablePath = installed.find((path) => existsSync(path));
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    if (executablePath === undefined) return `no browser: ${why}; and none of ${installed.join(", ")} is installed`;
    return chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }
}

/** Unpacks the browser of @sparticuz/chromium once, with its libraries and a font. */
function unpack(): void {
  if (existsSync(home)) return;
  mkdirSync(resolve(home, ".."), { recursive: true });
  const fresh = mkdtempSync(`${home}-`);
  try {
    // It unpacks into TMPDIR, and its libraries only where it believes itself in that runtime.
    const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: checkout,
      env: { ...process.env, TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
      stdio: "pipe",
    });
    const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(home, "fonts")}</dir><cachedir>${join(home, "font-cache")}</cachedir></fontconfig>`;
    writeFileSync(join(fresh, "fonts.conf"), fonts);
    renameSync(fresh, home);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    // Another worker may have been first.
    if (!existsSync(home)) throw cause;
  }
}
