using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

/// <summary>A batcher over a test's sender, with short ways to publish through it.</summary>
internal sealed class PublishBatcherFixture(PublisherOptions? options = null) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public TestSender Sender { get; } = new();

    public PublishBatcher Batcher { get; } = new(options ?? new PublisherOptions());

    public PublishBatcherFixture Start()
    {
        Batcher.StartAsync(Sender).AsTask().GetAwaiter().GetResult();
        return this;
    }

    /// <summary>Publishes; the call is made before this returns, and refusals come out of the task.</summary>
    public async Task Publish(string key, int bytes = 10, OverloadBehavior? overload = null) =>
        await Batcher.PublishAsync(Envelope(key, bytes), overload, CancellationToken.None);

    public async Task PublishUntil(string key, CancellationToken cancellation, int bytes = 10) =>
        await Batcher.PublishAsync(Envelope(key, bytes), null, cancellation);

    public static Envelope Envelope(string key, int bytes = 10) => new()
    {
        Id = EventId.Parse("id-" + key),
        Type = "test.happened",
        Key = key,
        Body = new byte[bytes],
    };

    /// <summary>Waits for something that another thread brings about.</summary>
    public static Task Until(Func<bool> condition, string what) => Eventually.IsTrueAsync(condition, _patience, what);

    public static Task Soon(Task task) => task.WaitAsync(_patience);

    public static Task Soon(ValueTask task) => Soon(task.AsTask());

    public void Dispose() => Batcher.Dispose();
}
