using System.Globalization;
using OrderFlow.Storage;

namespace OrderFlow.Hosting;

/// <summary>What the command line asks for.</summary>
/// <param name="Process">Which services to run.</param>
/// <param name="Port">The port to listen on; 0 for any free one.</param>
/// <param name="Folder">Where the data are.</param>
/// <param name="PostgreSql">The PostgreSQL database to use instead of a file in that folder, as a connection string; or null.</param>
/// <param name="IsTour">Whether to play the story and exit.</param>
internal sealed record ShopArguments(ShopProcess Process, int Port, string Folder, string? PostgreSql, bool IsTour)
{
    /// <summary>How to use the program.</summary>
    public static string Usage { get; } = $"""
        A shop of five services that talk by events.

          dotnet run --project samples/OrderFlow                      all services in one process
          dotnet run --project samples/OrderFlow -- tour              play the story, then exit
          dotnet run --project samples/OrderFlow -- --service NAME    one service alone: {Names}

          --port N     where to listen; 0 for any free port (default: {Ports})
          --data DIR   where the data are (default: data)
          --postgres "Host=localhost;Database=shop;Username=shop"   keep everything in a PostgreSQL database instead
        """;

    private static string Names => string.Join(", ", ShopProcess.Parts.Select(part => part.Name));

    private static string Ports =>
        string.Join(", ", ShopProcess.Parts.Prepend(ShopProcess.Whole).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {part.Port}")));

    /// <summary>Where the shop keeps its tables and its events.</summary>
    public IShopStorage Storage => PostgreSql is { } database ? new PostgreSqlStorage(database) : new SqliteStorage(Folder);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ShopArgumentException">Something in it is not understood.</exception>
    public static ShopArguments Parse(IReadOnlyList<string> arguments)
    {
        var process = ShopProcess.Whole;
        int? port = null;
        var folder = "data";
        string? postgres = null;
        var tour = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "tour":
                    tour = true;
                    break;
                case "--service":
                    process = ParseService(Next(arguments, ref i));
                    break;
                case "--port":
                    port = ParsePort(Next(arguments, ref i));
                    break;
                case "--data":
                    folder = Next(arguments, ref i);
                    break;
                case "--postgres":
                    postgres = Next(arguments, ref i);
                    break;
                default:
                    throw new ShopArgumentException($"\"{arguments[i]}\" is not understood; try --help.");
            }
        }

        if (tour && postgres is not null)
            throw new ShopArgumentException("The tour plays in a shop of its own: leave --postgres out.");
        return new ShopArguments(process, port ?? process.Port, folder, postgres, tour);
    }

    private static string Next(IReadOnlyList<string> arguments, ref int i) => i + 1 < arguments.Count && arguments[i + 1].Length > 0
        ? arguments[++i]
        : throw new ShopArgumentException($"{arguments[i]} needs a value; try --help.");

    private static ShopProcess ParseService(string text) => ShopProcess.Parts.FirstOrDefault(part => part.Name == text)
        ?? throw new ShopArgumentException($"There is no service \"{text}\": choose one of {Names}.");

    private static int ParsePort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        ? port
        : throw new ShopArgumentException($"\"{text}\" is not a port: choose a whole number from 0 to 65535.");
}
