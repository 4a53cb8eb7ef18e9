using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

public sealed class BellTests : DatabaseTests
{
    private static readonly PostgreSqlOptions Patient = new() { PollInterval = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Ring_ShouldSendOnceMore_WhenRungOftenWhileSending()
    {
        var connections = Connect(more: "Maximum Pool Size=1;Timeout=30");
        await using var listener = new RunningListener(Connect(Patient), Patient);
        await using var bell = new Bell(connections, "public", new RecordingLogger());
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 1, what: "it listens");

        // While the only connection is taken, the first one waits for it.
        await using (await connections.OpenAsync(Cancellation))
        {
            bell.Ring(1);
            for (var i = 0; i < 1000; i++)
                bell.Ring(i % 2 == 0 ? 2 : 4);
        }

        await Eventually.IsTrueAsync(() => listener.Heard.Length == 3, what: "both are heard");
        bell.Ring(1);
        await Eventually.IsTrueAsync(() => listener.Heard.Length == 4, what: "a later one is heard");
        Assert.Equal([7, 1, 6, 1], listener.Heard);
        Assert.Equal(3, bell.Sent);
    }

    [Fact]
    public async Task Ring_ShouldNotFail_WhenTheServerIsNotThere()
    {
        await using var connections = new PostgreSqlConnections("Host=127.0.0.1;Port=1;Username=me;Database=shop", Patient);
        var logger = new RecordingLogger();
        await using var bell = new Bell(connections, "public", logger);

        for (var i = 0; i < 5; i++)
        {
            bell.Ring(1);
            await Eventually.IsTrueAsync(() => !bell.IsSending, what: "it has tried");
        }

        Assert.Equal(0, bell.Sent);
        Assert.Single(logger.Lines);
    }

    [Fact]
    public async Task Ring_ShouldTellNobody_WhenNothingChanged()
    {
        await using var bell = new Bell(Connect(), "public", new RecordingLogger());
        bell.Ring(0);
        Assert.False(bell.IsSending);
    }

    [Fact]
    public async Task Dispose_ShouldReturn_WhenTheServerDoesNotAnswer()
    {
        var connections = Connect(more: "Maximum Pool Size=1;Timeout=30");
        await using var held = await connections.OpenAsync(Cancellation);
        var bell = new Bell(connections, "public", new RecordingLogger());
        bell.Ring(1);
        Assert.True(bell.IsSending);

        await bell.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        bell.Ring(1);

        Assert.False(bell.IsSending);
    }
}
