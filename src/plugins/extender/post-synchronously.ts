import makeSynchronous from "make-synchronous";

export interface PostRequest {
  readonly url: string;
  readonly body: string;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  readonly tls?: TlsOptions | undefined;
}

/** PEM texts; `insecure` takes any certificate. */
export interface TlsOptions {
  readonly insecure: boolean;
  readonly serverName?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export type PostResponse =
  | { readonly status: number; readonly body: string; readonly failure?: undefined }
  | { readonly failure: string };

/**
 * Posts JSON and waits for the answer, as the scheduling cycle does, which is synchronous. The exchange itself happens on
 * another thread, where this function arrives as text: it uses nothing from outside of itself.
 */
export const postSynchronously: (request: PostRequest) => PostResponse = makeSynchronous(
  ({ url, body, timeoutMs, tls }: PostRequest): Promise<PostResponse> => {
    const secure = url.startsWith("https:");
    const { request } = process.getBuiltinModule(secure ? "node:https" : "node:http");
    const options = {
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) },
      ...(secure && {
        rejectUnauthorized: tls?.insecure !== true,
        ...(tls?.serverName && { servername: tls.serverName }),
        ...(tls?.ca && { ca: tls.ca }),
        ...(tls?.cert && { cert: tls.cert }),
        ...(tls?.key && { key: tls.key }),
      }),
    };
    return new Promise((resolve) => {
      const sent = request(url, options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", fail);
        response.on("end", () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") });
        });
      });
      const timer = setTimeout(() => {
        resolve({ failure: "context deadline exceeded (Client.Timeout exceeded)" });
        sent.destroy();
      }, timeoutMs);
      function fail(error: Error): void {
        clearTimeout(timer);
        resolve({ failure: error.message });
      }
      sent.on("error", fail);
      sent.end(body);
    });
  },
);
