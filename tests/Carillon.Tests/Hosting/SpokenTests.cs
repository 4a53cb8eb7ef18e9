using Carillon.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>What the log says is true, and enough to act on.</summary>
public sealed class SpokenTests
{
    [Fact]
    public async Task Log_ShouldNameNumberKeyAndHandler_WhenADeadLetterIsMadeReplayedAndDiscarded()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var log = new RecordingLog();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
            builder.AddCarillon("shop", carillon => carillon.UseInMemory()
                .Subscription(options => (options.Retries.ImmediateAttempts, options.Retries.DelayedAttempts, options.Retries.FirstDelay) = (1, 1, TimeSpan.FromMilliseconds(1)))
                .On<StepTaken>((StepTaken _) => throw new IOException("broken")));
        });
        await service.Bus.PublishAsync(new StepTaken("w\u202Eforged", 1), cancellation);
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery(), cancellation) == 1 && log.Of(1302).Count == 1);
        var letter = Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), cancellation));

        await service.DeadLetters.ReplayAsync(letter.Id, cancellation);
        await Eventually.IsTrueAsync(() => log.Of(1302).Count == 2);
        await service.DeadLetters.DiscardAsync(letter.Id, cancellation);

        Assert.Equal("Service shop is up on in memory with 1 subscription", Assert.Single(log.Of(1001)));
        Assert.Contains(@"(step.taken, key w\u202Eforged) failed in On(StepTaken) of shop", log.Of(1301)[0], StringComparison.Ordinal);
        Assert.Contains($@"(step.taken, key w\u202Eforged) is dead letter {letter.Id} of shop: CRL3013", log.Of(1302)[0], StringComparison.Ordinal);
        Assert.EndsWith(". Later messages of the key wait until it is replayed or discarded", log.Of(1302)[0], StringComparison.Ordinal);
        Assert.Equal($@"Dead letter {letter.Id} of shop is replayed: message {letter.Envelope.Id} (step.taken, key w\u202Eforged)", Assert.Single(log.Of(1005)));
        Assert.Equal($@"Dead letter {letter.Id} of shop was discarded: message {letter.Envelope.Id} (step.taken, key w\u202Eforged)", Assert.Single(log.Of(1006)));
    }

    [Fact]
    public async Task Log_ShouldNotSpeakOfScheduledMessages_WhenTheHostIsDisposedAndNothingWasScheduled()
    {
        using var log = new RecordingLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.AddCarillon("shop", carillon => carillon.UseInMemory().On<StepTaken>(_ => { }));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        await ((IAsyncDisposable)host).DisposeAsync();

        Assert.Empty(log.Of(1402));
    }

    [Theory]
    [InlineData(1, 0.0016, "", "one failure")]
    [InlineData(5, 16_400, ", for 16 s, 5 times", "16 s and 5 failures")]
    [InlineData(3, 250, ", for 250 ms, 3 times", "250 ms and 3 failures")]
    [InlineData(900, 7_200_000, ", for 2 h, 900 times", "2 h and 900 failures")]
    public void Notice_ShouldReadWell_WhenItFailedOnceOrOften(long count, double milliseconds, string during, string over)
    {
        var notice = new FailureNotice(new IOException(), count, 0, TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal((during, over), (notice.While.ToString(), notice.Over.ToString()));
    }
}
