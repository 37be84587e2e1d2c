/** Lets a page answer between two steps of longer work; it waits for nothing else. */

/** Resolve once whatever waits for the page's attention had its turn. */
export async function breath(): Promise<void> {
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
