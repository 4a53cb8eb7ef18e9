using Carillon.Benchmarks;

if (!BenchmarkArguments.TryParse(args, out var arguments, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchmarkArguments.Usage);
    return 2;
}

if (arguments.ShowUsage)
{
    Console.WriteLine(BenchmarkArguments.Usage);
    return 0;
}

MachineFacts.Print(arguments);
if (arguments.HeldUp > 0)
    await new HeldUpKey(arguments).RunAsync();
else if (arguments.AtRest > 0)
    await new AtRest(arguments).RunAsync();
else if (arguments.HotKey > 0)
    await new HotKey(arguments).RunAsync();
else
    await new Runner(arguments).RunAsync(Suite.All(arguments));
return 0;
