using Carillon.Tests;

namespace Carillon.KillTests;

/// <summary>A PostgreSQL server of the run's own.</summary>
internal sealed class OwnServerPlace : ITransportPlace, IKillableServer, IOutagePlace
{
    private const string Settings = "max_connections=300";
    private readonly PostgreSqlServer _server;

    private OwnServerPlace(PostgreSqlServer server) => _server = server;

    public string Address => _server.ConnectionString;

    /// <exception cref="KillTestArgumentException">The programs of PostgreSQL are not there.</exception>
    public static async Task<OwnServerPlace> CreateAsync() => PostgreSqlPrograms.Folder is null
        ? throw new KillTestArgumentException($"No PostgreSQL server: {GivenServerPlace.Variable} is not set, and its programs are not installed here (Debian package postgresql).")
        : new OwnServerPlace(await PostgreSqlServer.CreateAsync(Settings));

    public Task KillAsync() => _server.KillAsync();

    public Task StartAsync() => _server.StartAsync(Settings);

    public async Task<IAsyncDisposable> TakeAwayAsync(bool stands)
    {
        await (stands ? _server.PauseAsync() : _server.KillAsync());
        return new Restoration(async () => await (stands ? _server.ResumeAsync() : StartAsync()));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
