using Carillon.Simulations.CommandLine;
using Carillon.Simulations.Running;

try
{
    var arguments = SimulationArguments.Parse(args);
    var runner = new SeedRunner(arguments);
    return (arguments.IsTraced ? runner.Trace() : runner.Run()) ? 0 : 1;
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{SimulationArguments.Usage}");
    return 2;
}
