using Carillon.Simulations.Workloads;
using Carillon.Testing;

var n = int.Parse(args[0]); var first = ulong.Parse(args[1]);
if (args.Length > 2) { var rep = Simulation.Of(ShopWorkload.Define).Replay(first); Console.WriteLine(rep.Trace); return; }
var bad = 0; var t = DateTime.UtcNow; long handled = 0, steps = 0;
var faults = new Dictionary<FaultKinds, int>();
for (var s = first; s < first + (ulong)n; s++)
{
    var report = Simulation.Of(ShopWorkload.Define).Run(1, s);
    handled += report.Handled; steps += report.Steps;
    foreach (var (k, c) in report.Faults) faults[k] = faults.GetValueOrDefault(k) + c;
    if (report.Violation is { } v) { bad++; Console.WriteLine($"{s} {v.Rule}: {v.What[..Math.Min(300, v.What.Length)]}"); }
}
var d = (DateTime.UtcNow - t).TotalSeconds;
Console.WriteLine($"{n} runs {bad} bad {handled} handled {steps} steps {n / d:F0}/s {steps / d:F0} steps/s " + string.Join(" ", faults));
