using Carillon.Zoo.CommandLine;
using Carillon.Zoo.Hunting;

try
{
    var arguments = ZooArguments.Parse(args);
    var tour = new Tour(arguments);
    if (!arguments.IsListed)
        return tour.Run() ? 0 : 1;
    tour.List();
    return 0;
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{ZooArguments.Usage}");
    return 2;
}
