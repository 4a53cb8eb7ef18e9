using System.Text;
using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>A message that the transport refuses for good is set aside; the others go on, and its key as the policy says.</summary>
public sealed class RelayQuarantineTests : IAsyncDisposable
{
    private readonly RelayFixture _fixture = new();
    private bool _isMended;

    public RelayQuarantineTests() => _fixture.Transport.Answer = async (batch, store, _) =>
    {
        var refused = Enumerable.Range(0, batch.Length).Where(index => !Volatile.Read(ref _isMended) && IsBad(batch.Span[index])).ToArray();
        await store(batch.ToArray().Where((_, index) => !refused.Contains(index)).ToArray());
        return [.. refused.Select(index => new SendFailure(index, new PublishFailedException(ErrorCodes.MessageTooLarge, "more than the broker carries")))];
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeadLetter_ShouldHoldItsKeyOnly_WhenTheTransportRefusesOneMessage()
    {
        var service = await _fixture.StartAsync();

        await PublishAsync(service);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count == 4 + 3);
        var dead = await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 2);
        Assert.Equal(("shop:outbox", ErrorCodes.MessageTooLarge), (dead.Subscription, dead.Code));
        Assert.Contains("more than the broker carries", dead.Reason, StringComparison.Ordinal);
        Assert.Equal("""{"walker":"bad","number":3}""", Encoding.UTF8.GetString(dead.Envelope.Body.Span));
        Assert.Equal([1], dead.Attempts.Select(attempt => attempt.Number));
        Assert.Equal([1, 2], _fixture.StepsOf("bad").Take(2));
        Assert.Equal([1, 2, 3, 4, 5], _fixture.StepsOf("good"));
    }

    [Fact]
    public async Task Replay_ShouldSendTheMessageBeforeThoseBehindIt_WhenTheTransportTakesItNow()
    {
        var service = await _fixture.StartAsync();
        await PublishAsync(service);
        var dead = await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 2);

        await _fixture.DeadLetters.ReplayAsync(dead.Id, Cancellation);
        dead = await _fixture.TheOnlyDeadLetterAsync(letter => letter.Attempts.Count == 2);
        Volatile.Write(ref _isMended, true);
        await _fixture.DeadLetters.ReplayAsync(dead.Id, Cancellation);
        await service.Bus.PublishAsync(new StepTaken("bad", 6), Cancellation);

        await Eventually.IsTrueAsync(() => _fixture.StepsOf("bad").Count == 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], _fixture.StepsOf("bad"));
        Assert.Empty(await _fixture.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Discard_ShouldLetTheKeyGoOnWithoutTheMessage_WhenAPersonGivesItUp()
    {
        var service = await _fixture.StartAsync();
        await PublishAsync(service);
        var dead = await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 2);

        await _fixture.DeadLetters.DiscardAsync(dead.Id, Cancellation);

        await Eventually.IsTrueAsync(() => _fixture.StepsOf("bad").Count == 4);
        Assert.Equal([1, 2, 4, 5], _fixture.StepsOf("bad"));
    }

    [Fact]
    public async Task DeadLetter_ShouldLetItsKeyGoOn_WhenThePolicyIsToSkip()
    {
        var service = await _fixture.StartAsync(options => options.DeadLetters = DeadLetterPolicy.Skip);

        await PublishAsync(service);

        await Eventually.IsTrueAsync(() => _fixture.StepsOf("bad").Count == 4);
        Assert.Equal([1, 2, 4, 5], _fixture.StepsOf("bad"));
        await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 0);
    }

    [Fact]
    public async Task DeadLetter_ShouldHoldItsKeyStill_WhenTheRelayStartsAgain()
    {
        var service = await _fixture.StartAsync();
        await PublishAsync(service);
        var dead = await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 2);
        await service.StopAsync();

        var next = await _fixture.StartAsync();
        await next.Bus.PublishAsync(new StepTaken("bad", 6), Cancellation);
        await _fixture.TheOnlyDeadLetterAsync(letter => letter.Waiting == 3);
        Volatile.Write(ref _isMended, true);
        await _fixture.DeadLetters.ReplayAsync(dead.Id, Cancellation);

        await Eventually.IsTrueAsync(() => _fixture.StepsOf("bad").Count == 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], _fixture.StepsOf("bad"));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static bool IsBad(Envelope envelope) => Encoding.UTF8.GetString(envelope.Body.Span) == """{"walker":"bad","number":3}""";

    private static Task PublishAsync(TestService service) => service.Bus.PublishBatchAsync(
        [.. Enumerable.Range(1, 5).SelectMany(number => new[] { new StepTaken("bad", number), new StepTaken("good", number) })],
        cancellation: Cancellation).AsTask();
}
