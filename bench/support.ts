/** What benchmarks share: measuring a program, and the line that reports. */
import { peer } from "../tests/support/peers.ts";
import { run } from "../tests/support/process.ts";

/** What a program took. */
export interface Cost {
  /** Wall time in seconds. */
  readonly seconds: number;
  /** Processor time in seconds, user and system. */
  readonly cpuSeconds: number;
  /** Peak resident memory in MiB. */
  readonly peakMiB: number;
}

/** Runs a program to its end and measures it; throws unless it ends well. */
export async function measure(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Cost> {
  const { code, stderr } = await run(
    peer("time"),
    ["-f", "cost: %e %U %S %M", program, ...args],
    { env },
  );
  const [, wall, user, system, peak] =
    /^cost: ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$/m.exec(stderr) ?? [];
  if (code !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended ${code}: ${stderr}`);
  }
  return {
    seconds: Number(wall),
    cpuSeconds: Number(user) + Number(system),
    peakMiB: Number(peak) / 1024,
  };
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Prints the line that scripts/bench.ts reads. */
export function report(
  name: string,
  numbers: { readonly ours: number; readonly peer: number },
  unit: string,
  bound = "-",
): void {
  const { ours, peer } = numbers;
  const digits = (value: number) => value >= 100 ? 0 : value >= 10 ? 1 : 3;
  const show = (value: number) => `${value.toFixed(digits(value))}${unit}`;
  console.log(
    `${name} ${show(ours)} ${show(peer)} ${(ours / peer).toFixed(3)} ${bound}`,
  );
}
