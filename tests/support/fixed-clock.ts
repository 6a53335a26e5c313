/** A module, as a URL for Node's `--import`, that sets a process's clock to a moment; from there it creeps on, a millisecond a second. */
export function fixedClock(moment: Date): string {
  const source = `
    const Real = Date;
    const started = performance.now();
    const now = () => ${moment.getTime()} + Math.floor((performance.now() - started) / 1000);
    globalThis.Date = new Proxy(Real, {
      construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [now()], made === Date ? target : made),
      apply: (target) => new target(now()).toString(),
      get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
    });
    Real.prototype.constructor = Date;`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
