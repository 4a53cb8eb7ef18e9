using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

public sealed class NotificationListenerTests : DatabaseTests
{
    // No poll hides a notification that was missed.
    private static readonly PostgreSqlOptions Patient = new() { PollInterval = TimeSpan.FromMinutes(1) };

    private const string Listeners = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
    private const string EndListeners = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";

    [Fact]
    public async Task Run_ShouldSayWhatChanged_WhenAnotherProcessSaysIt()
    {
        await using var listener = new RunningListener(Connect(Patient), Patient);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        await Database.ExecuteAsync("NOTIFY carillon_public, '2'");
        await Database.ExecuteAsync("NOTIFY carillon_other, '1'");
        await Database.ExecuteAsync("NOTIFY carillon_public, 'what a newer version says'");
        await Database.ExecuteAsync("NOTIFY carillon_public, '9'");
        await Database.ExecuteAsync("NOTIFY carillon_public, '4'");

        await Eventually.IsTrueAsync(() => listener.Heard.Length >= 5, what: "it hears");
        Assert.Equal([7, 2, 7, 7, 4], listener.Heard);
    }

    [Fact]
    public async Task Run_ShouldListenInItsSchemaOnly_WhenSchemasShareADatabase()
    {
        var options = Patient with { Schema = "Shop" };
        await using var listener = new RunningListener(Connect(options), options);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        await Database.ExecuteAsync("NOTIFY carillon_public, '1'");
        await Database.ExecuteAsync("NOTIFY \"carillon_Shop\", '2'");

        await Eventually.IsTrueAsync(() => listener.Heard.Length >= 2, what: "it hears");
        Assert.Equal([7, 2], listener.Heard);
    }

    [Fact]
    public async Task Run_ShouldSayThatAnythingMayHaveChanged_WhenItsConnectionIsEnded()
    {
        var logger = new RecordingLogger();
        await using var listener = new RunningListener(Connect(Patient), Patient, logger);
        for (var round = 1; round <= 3; round++)
        {
            await Eventually.IsTrueAsync(() => listener.Heard.Length == (2 * round) - 1, what: "it listens");
            await Database.ExecuteAsync("NOTIFY carillon_public, '1'");
            await Eventually.IsTrueAsync(() => listener.Heard.Length == 2 * round, what: "it hears");
            Assert.Equal(1, await Database.NumberAsync(Listeners));
            await Database.ExecuteAsync(EndListeners);
        }

        await Eventually.IsTrueAsync(() => listener.Heard.Length == 7, what: "it listens again");
        Assert.Equal([7, 1, 7, 1, 7, 1, 7], listener.Heard);
        Assert.Equal(6, logger.Lines.Count);
    }

    [Fact]
    public async Task Run_ShouldFindItsWayBack_WhenTheServerIsKilledAndStartedAgain()
    {
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var connections = new PostgreSqlConnections(server.ConnectionString, Patient);
        await using var bell = new Bell(connections, Patient.Schema, new RecordingLogger());
        var logger = new RecordingLogger();
        await using var listener = new RunningListener(connections, Patient, logger);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        await server.KillAsync();
        await Eventually.IsTrueAsync(() => !logger.Lines.IsEmpty, what: "it has noticed");
        await server.StartAsync();
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 2, what: "it listens again");
        bell.Ring(4);

        await Eventually.IsTrueAsync(() => listener.Heard.Length == 3, what: "it hears");
        Assert.Equal([7, 7, 4], listener.Heard);

        // However often it tried in between.
        Assert.Equal(2, logger.Lines.Count);
    }

    [Fact]
    public async Task Run_ShouldNotice_WhenTheServerHangs()
    {
        var options = Patient with { CommandTimeout = TimeSpan.FromSeconds(1) };
        await using var server = await PostgreSqlAddress.CreateServerAsync();
        await using var connections = new PostgreSqlConnections($"{server.ConnectionString};Keepalive=1;Timeout=1", options);
        var logger = new RecordingLogger();
        await using var listener = new RunningListener(connections, options, logger);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        await server.PauseAsync();
        await Eventually.IsTrueAsync(() => !logger.Lines.IsEmpty, what: "it has noticed");
        await server.ResumeAsync();

        await Eventually.IsTrueAsync(() => listener.Heard.Length == 2, what: "it listens again");
    }

    [Fact]
    public async Task Run_ShouldPoll_WhenNotificationsNeverCome()
    {
        // As behind a pooler, which gives the session that listens to somebody else.
        var options = new PostgreSqlOptions { PollInterval = TimeSpan.FromMilliseconds(20) };
        await using var listener = new RunningListener(Connect(options), options);

        await Eventually.IsTrueAsync(() => listener.Heard.Length >= 5, what: "it looks by itself");
        Assert.All(listener.Heard, heard => Assert.Equal(RunningListener.Everything, heard));
    }

    [Fact]
    public async Task Run_ShouldPollAllTheSame_WhenTheServerIsNotThere()
    {
        var options = new PostgreSqlOptions { PollInterval = TimeSpan.FromMilliseconds(20) };
        await using var connections = new PostgreSqlConnections("Host=127.0.0.1;Port=1;Username=me;Database=shop", options);
        var logger = new RecordingLogger();
        await using var listener = new RunningListener(connections, options, logger);

        await Eventually.IsTrueAsync(() => listener.Heard.Length >= 20, what: "it looks by itself");
        Assert.Single(logger.Lines);
    }

    [Fact]
    public async Task Run_ShouldKeepOutOfThePool_WhenItListens()
    {
        var connections = Connect(Patient, "Maximum Pool Size=1;Timeout=1");
        await using var listener = new RunningListener(connections, Patient);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        await using var connection = await connections.OpenAsync(Cancellation);

        Assert.Equal(1, await Database.NumberAsync(Listeners));
    }
}
