/**
 * What this browser keeps for itself: keys that cannot be taken out, and work under way.
 *
 * Values are what the structured clone takes, CryptoKeys too. What opens a bid or a share is kept
 * here only where the page says so.
 */

const NAME = "kaibiao";
const STORES = ["keys", "custodian", "bids", "settings"] as const;

export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | undefined;

/** A named map from texts to values, durable in this browser's profile. */
export interface Store {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  keys(prefix?: string): Promise<string[]>;
}

/** Return one of the stores; works in pages and in workers. */
export function store(name: StoreName): Store {
  return {
    get: async <T>(key: string) => (await run(name, "readonly", (of) => of.get(key))) as T | undefined,
    put: async (key, value) => {
      await run(name, "readwrite", (of) => of.put(value, key));
    },
    delete: async (key) => {
      await run(name, "readwrite", (of) => of.delete(key));
    },
    keys: async (prefix = "") => {
      const all = (await run(name, "readonly", (of) => of.getAllKeys())) as string[];
      return all.filter((key) => key.startsWith(prefix));
    },
  };
}

async function run(
  name: StoreName,
  mode: IDBTransactionMode,
  ask: (of: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const asked = ask(transaction.objectStore(name));
    // said at once: a page that goes now must not take the last thing typed with it
    if (mode === "readwrite") transaction.commit();
    transaction.oncomplete = (): void => resolve(asked.result as unknown);
    transaction.onabort = (): void => reject(transaction.error ?? new Error("aborted"));
  });
}

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = (): void => {
      for (const name of STORES) asked.result.createObjectStore(name);
    };
    asked.onsuccess = (): void => {
      // another page with a newer version must not wait for this one
      asked.result.onversionchange = (): void => {
        asked.result.close();
        opened = undefined;
      };
      resolve(asked.result);
    };
    asked.onerror = (): void => {
      opened = undefined;
      reject(asked.error ?? new Error("the browser's store does not open"));
    };
  });
  return opened;
}
