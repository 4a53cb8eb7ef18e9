using Carillon.Relational;

namespace Carillon.PostgreSql.Tests;

/// <summary>A process that is paused in the middle of writing keeps nobody else from it for longer than its leases last.</summary>
public sealed class PausedWriterTests : DatabaseTests
{
    private readonly PostgreSqlDatabases _paused = new();
    private readonly PostgreSqlDatabases _others = new();

    public override async ValueTask DisposeAsync()
    {
        await _paused.DisposeAsync();
        await _others.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Write_ShouldGoOnElsewhere_WhenAProcessIsPausedWhileItHoldsALock()
    {
        var paused = await OpenAsync(_paused);
        var others = await OpenAsync(_others);
        var (holds, resumed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = paused.WriteAsync(new LockedWrite(holds, resumed.Task), Cancellation);
        await holds.Task;

        Assert.True(await others.WriteAsync(new LockedWrite(new TaskCompletionSource(), Task.CompletedTask), Cancellation));

        Assert.False(writing.IsCompleted);
        resumed.SetResult();
        Assert.True(await writing);
    }

    private async Task<OpenDatabase> OpenAsync(PostgreSqlDatabases process) => await process.Start(
        Database.ConnectionString, new PostgreSqlOptions { LeaseTime = TimeSpan.FromSeconds(1), LockTimeout = TimeSpan.FromSeconds(5) }).OpenAsync(Cancellation);

    private sealed class LockedWrite(TaskCompletionSource holds, Task resumed) : WriteOperation<bool>
    {
        public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
        {
            await session.LockAsync(LockScope.Leases, "1", cancellation);
            holds.TrySetResult();
            await resumed;
            return true;
        }
    }
}
