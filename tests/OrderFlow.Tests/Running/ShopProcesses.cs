namespace OrderFlow.Tests.Running;

/// <summary>A shop whose services run in processes of their own, on one database.</summary>
internal sealed class ShopProcesses : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _arguments;
    private readonly Dictionary<string, ShopProgram> _programs = new(StringComparer.Ordinal);

    private ShopProcesses(string folder, string[] arguments)
    {
        _folder = folder;
        _arguments = arguments;
    }

    public ShopProgram this[string service] => _programs[service];

    /// <summary>Starts services, all at the same time.</summary>
    public static async Task<ShopProcesses> StartAsync(string folder, IEnumerable<string> services, params string[] arguments)
    {
        var shop = new ShopProcesses(folder, arguments);
        try
        {
            await Task.WhenAll(services.Select(shop.StartAsync));
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service (again).</summary>
    public async Task StartAsync(string service)
    {
        var program = await ShopProgram.StartAsync(_folder, ["--service", service, .. _arguments]);
        lock (_programs)
            _programs[service] = program;
    }

    /// <summary>Kills a service's process, as <c>kill -9</c> does.</summary>
    public Task KillAsync(string service) => _programs[service].KillAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs.Values)
            await program.DisposeAsync();
    }
}
