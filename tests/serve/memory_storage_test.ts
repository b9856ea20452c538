import { MemoryStorage } from "../../src/serve/memory_storage.ts";
import { testStorage } from "../support/storage_contract.ts";

testStorage("MemoryStorage", () => Promise.resolve(new MemoryStorage()));
