using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class ServerCheckTests : DatabaseTests
{
    [Theory]
    [InlineData("database")]
    [InlineData("connection")]
    public async Task Open_ShouldRefuse_WhenOnlyReadingIsAllowed(string where)
    {
        if (where == "database")
            await Database.ExecuteAsync($"ALTER DATABASE {Database.Name} SET default_transaction_read_only = on");
        await using var connections = new PostgreSqlConnections(
            Database.ConnectionString + (where == "connection" ? ";Options=-c default_transaction_read_only=on" : ""), new PostgreSqlOptions());

        var failure = await Assert.ThrowsAsync<CarillonException>(async () => await connections.OpenAsync(Cancellation));

        Assert.Equal(ErrorCodes.NotPrimary, failure.Code);
        Assert.Contains("default_transaction_read_only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ShouldFindThePrimary_WhenTheStandbyIsNamedFirst()
    {
        await using var primary = await PostgreSqlAddress.CreateServerAsync();
        await using var standby = await primary.CreateStandbyAsync();
        var options = new PostgreSqlOptions();
        await using var alone = new PostgreSqlConnections(standby.ConnectionString, options);
        await using var both = new PostgreSqlConnections(
            $"Host=127.0.0.1:{standby.Port},127.0.0.1:{primary.Port};Username=postgres;Database=postgres", options);

        var failure = await Assert.ThrowsAsync<CarillonException>(async () => await alone.OpenAsync(Cancellation));
        await using var found = await both.OpenAsync(Cancellation);

        Assert.Equal(ErrorCodes.NotPrimary, failure.Code);
        Assert.Contains("standby", failure.Message, StringComparison.Ordinal);
        Assert.Equal(primary.Port, found.Port);
    }

    [Fact]
    public async Task Open_ShouldLookOnce_WhenAConnectionOfThePoolIsUsedAgain()
    {
        var connections = Connect();
        int server;
        await using (var first = await connections.OpenAsync(Cancellation))
            server = first.ProcessID;
        await Database.ExecuteAsync($"ALTER DATABASE {Database.Name} SET default_transaction_read_only = on");

        await using var again = await connections.OpenAsync(Cancellation);

        Assert.Equal(server, again.ProcessID);
    }

    [Theory]
    [InlineData("12.22", false)]
    [InlineData("13.0", true)]
    [InlineData("18.1", true)]
    public void Judge_ShouldRefuseOldServers_WhenTheyLackWhatReadersNeed(string version, bool isRecent)
    {
        var failure = Record.Exception(() => ServerCheck.Judge(Version.Parse(version), isStandby: false, isReadOnly: false, "db"));
        Assert.Equal(isRecent ? null : ErrorCodes.UnsupportedServer, (failure as CarillonException)?.Code);
    }

    [Fact]
    public async Task Write_ShouldSayThatTheServerIsNoPrimary_WhenItBecameReadOnlyMeanwhile()
    {
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using (var change = new NpgsqlCommand("SET default_transaction_read_only = on", connection))
            await change.ExecuteNonQueryAsync(Cancellation);
        await using var write = new NpgsqlCommand("CREATE TABLE shop (id bigint)", connection);

        var failure = StorageFailure.From(await Assert.ThrowsAsync<PostgresException>(() => write.ExecuteNonQueryAsync(Cancellation)), "db", atCommit: false);

        Assert.Equal((ErrorCodes.NotPrimary, false, true), (failure.Code, failure.IsTransient, failure.ConcernsAll));
    }
}
