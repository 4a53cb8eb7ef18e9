using Carillon.Simulations.Workloads;
using Carillon.Testing;

var report = Simulation.Of(ShopWorkload.Define).Run(int.Parse(args[0]), ulong.Parse(args[1]));
Console.WriteLine(report);
foreach (var (kind, count) in report.Faults) Console.WriteLine($"{kind} {count}");
Console.WriteLine(report.Steps);
if (report.Violation is { } v) Console.WriteLine(v);
