using Carillon.Simulations.CommandLine;
using Carillon.Simulations.Running;

try
{
    if (args.Contains("--zoo"))
        return ZooProgram.Run(args.Where(word => word != "--zoo"));
    var arguments = SimulationArguments.Parse(args);
    var runner = new SeedRunner(arguments);
    return (arguments.IsTraced ? runner.Trace() : runner.Run()) ? 0 : 1;
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{SimulationArguments.Usage}");
    return 2;
}
