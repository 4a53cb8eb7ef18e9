using Carillon;
using OrderFlow.Hosting;
using OrderFlow.Tour;

const int wrongUse = 2;

if (args is ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine(ShopArguments.Usage);
    return 0;
}

try
{
    var arguments = ShopArguments.Parse(args);
    if (arguments.IsTour)
        return await ShopTour.PlayAsync(Console.Out);

    Directory.CreateDirectory(arguments.Folder);
    await using var app = ShopHost.Build(arguments.Process, arguments.Port, arguments.Folder);
    var address = await app.StartShopAsync();
    Console.WriteLine($"OrderFlow ({arguments.Process.Name}) listens on {address}, with its data in {Path.GetFullPath(arguments.Folder)}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception error) when (error is ShopArgumentException or CarillonConfigurationException or IOException or UnauthorizedAccessException)
{
    // A wrong argument or setting, a port that is taken, a folder that cannot be written: one line says which.
    await Console.Error.WriteLineAsync(error.Message);
    return wrongUse;
}
