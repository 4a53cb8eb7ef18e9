using Carillon.Tests.Hosting;

namespace Carillon.Tests.Relaying;

/// <summary>The relay stops cleanly: it finishes what it is sending, and waits for nobody who does not come (G7).</summary>
public sealed class RelayStopTests : IAsyncDisposable
{
    private readonly RelayFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_ShouldReturnWhatIsNotSent_WhenTheTransportHangs()
    {
        var service = await _fixture.StartAsync(grace: TimeSpan.FromMilliseconds(300));
        var isHanging = new TaskCompletionSource();
        _fixture.Transport.Answer = async (_, _, cancellation) =>
        {
            isHanging.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return null;
        };
        await service.Bus.PublishBatchAsync([.. Enumerable.Range(0, 50).Select(number => new StepTaken("w", number))], cancellation: Cancellation);
        await isHanging.Task;

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Empty(_fixture.Handled);
        _fixture.Transport.Answer = (batch, store, _) => store(batch);
        await _fixture.StartAsync();

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count >= 50);
        Assert.Equal(Enumerable.Range(0, 50), _fixture.StepsOf("w"));
    }

    [Fact]
    public async Task Stop_ShouldNotWaitOutThePause_WhenTheTransportIsAway()
    {
        var service = await _fixture.StartAsync(options => options.FirstDelay = options.MaxDelay = TimeSpan.FromMinutes(10), grace: TimeSpan.FromMinutes(5));
        _fixture.Transport.Answer = (_, _, _) => throw new IOException("no route to host");
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await Eventually.IsTrueAsync(() => _fixture.Transport.Batches == 1);

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Stop_ShouldFinishWhatIsBeingSent_WhenTheTransportIsOnlySlow()
    {
        var service = await _fixture.StartAsync();
        var sending = new TaskCompletionSource();
        var confirmed = new TaskCompletionSource();
        _fixture.Transport.Answer = async (batch, store, _) =>
        {
            sending.TrySetResult();
            await confirmed.Task;
            return await store(batch);
        };
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await sending.Task;

        var stopping = service.StopAsync();
        Assert.False(stopping.IsCompleted);
        confirmed.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        var before = _fixture.Transport.Batches;
        await _fixture.StartAsync();

        await Eventually.IsTrueAsync(() => !_fixture.Handled.IsEmpty);
        Assert.Equal((1, before), (_fixture.Handled.Count, _fixture.Transport.Batches));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
