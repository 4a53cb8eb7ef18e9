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

    if (arguments.PostgreSql is null)
        Directory.CreateDirectory(arguments.Folder);
    await using var app = ShopHost.Build(arguments.Process, arguments.Port, arguments.Storage);
    var address = await app.StartShopAsync();
    Console.WriteLine($"OrderFlow ({arguments.Process.Name}) listens on {address}, with its data in {arguments.Storage.Name}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception error) when (error is ShopArgumentException or CarillonException or IOException or UnauthorizedAccessException)
{
    // A wrong argument or setting, a port that is taken, a folder or a database that cannot be written: one line says which.
    await Console.Error.WriteLineAsync(error.Message);
    return wrongUse;
}
