using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Subscribing;

/// <summary>Other people's code around the handlers fails too, and whatever it does the message ends, as handled or as a dead letter (G5).</summary>
public sealed class FaultyPolicyTests : IDisposable
{
    private readonly RecordingLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_ShouldBecomeADeadLetter_WhenARetryConditionThrows()
    {
        await using var service = await StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Retry(retry =>
            {
                (retry.ImmediateAttempts, retry.DelayedAttempts) = (2, 0);
                retry.DoNotRetry<ArgumentException>(error => error.ParamName!.Length > 0);
            }))
            .On<StepTaken>(_ => throw new ArgumentException("no name")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        var dead = await DeadLetterAsync(service);
        Assert.Equal((ErrorCodes.HandlerFailed, 2), (dead.Code, dead.Attempts.Count));
        Assert.All(dead.Attempts, attempt => Assert.Contains("its retries threw: System.NullReferenceException", attempt.StackTrace, StringComparison.Ordinal));
        Assert.Equal(2, _log.Of(1208).Count);
    }

    [Fact]
    public async Task Message_ShouldBecomeADeadLetterWithItsCauses_WhenItsHandlerFails()
    {
        await using var service = await StartAsync(carillon => carillon
            .Subscription(subscription => subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts) = (1, 0)))
            .On<StepTaken>(_ => throw new InvalidOperationException("see the inner exception", new IOException("the disk is full"))));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        var dead = await DeadLetterAsync(service);
        Assert.Contains("System.IO.IOException: the disk is full", dead.Reason, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => _log.Errors.Any(error => error.InnerException is IOException));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Message_ShouldBecomeADeadLetter_WhenItsExceptionOrTheLogThrows(bool isTheLog)
    {
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.AddLogging(logging => logging.AddProvider(new StrictLog(_log, isTheLog)));
            builder.AddCarillon("shop", carillon => carillon.UseInMemory()
                .Subscription(subscription => subscription.Retry(retry => (retry.ImmediateAttempts, retry.DelayedAttempts, retry.FirstDelay) = (1, 1, TimeSpan.FromMilliseconds(1))))
                .On<StepTaken>(_ => throw new HostileException()));
        });

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        Assert.Equal(2, (await DeadLetterAsync(service)).Attempts.Count);
        Assert.DoesNotContain(1202, _log.Ids);
    }

    public void Dispose() => _log.Dispose();

    private static async Task<DeadLetter> DeadLetterAsync(TestService service)
    {
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation) is [_]);
        return Assert.Single(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    private Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(carillon =>
    {
        carillon.Services.AddLogging(logging => logging.AddProvider(_log));
        configure(carillon);
    });

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidTimeZoneException();

        public override string? StackTrace => throw new InvalidTimeZoneException();

        public override string ToString() => throw new InvalidTimeZoneException();
    }

    /// <summary>Reads every exception like a log on a console, and may fail at all times.</summary>
    private sealed class StrictLog(RecordingLog log, bool fails) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log.Log(logLevel, eventId, state, exception, formatter);
            _ = exception?.ToString();
            if (fails && eventId.Id > 1203)
                throw new IOException("the log is full");
        }

        public void Dispose()
        {
        }
    }
}
