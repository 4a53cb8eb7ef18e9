using System.Text;
using System.Text.Json.Serialization;
using Carillon.Publishing;
using Carillon.Transports;

namespace Carillon.Tests.Publishing;

public sealed class EventBusTests : IDisposable
{
    private readonly PublishBatcherFixture _fixture = new PublishBatcherFixture(new PublisherOptions { BatchMessages = 10 }).Start();
    private readonly EventBus _bus;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public EventBusTests() => _bus = Buses.Create(_fixture.Batcher, limits: new EnvelopeLimits { BodyBytes = 1024 });

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task PublishAsync_ShouldSendTheEnvelope_WhenTheEventIsInOrder()
    {
        await _bus.PublishAsync(new Sold("s-1", 3), _cancellation);
        await _bus.PublishAsync(new Sold("s-2", 4), new PublishOptions { Subject = "x" }, _cancellation);

        Assert.Equal(["s-1", "s-2"], _fixture.Sender.Keys);
        Assert.Equal("""{"id":"s-1","count":3}""", Encoding.UTF8.GetString(Only(0).Body.Span));
        Assert.Equal("x", Only(1).Subject);
    }

    [Fact]
    public async Task SendAsync_ShouldSendACommand_WhenItIsOne()
    {
        await _bus.SendAsync(new Ship("s-1"), cancellation: _cancellation);

        Assert.Equal((MessageKind.Command, "parcel.ship"), (Only(0).Kind, Only(0).Type));
    }

    [Fact]
    public async Task PublishAsync_ShouldThrowWrongMessageKind_WhenTheMessageIsACommand() =>
        await AssertFails(ErrorCodes.WrongMessageKind, _bus.PublishAsync(new Ship("s-1"), _cancellation));

    [Fact]
    public async Task SendAsync_ShouldThrowWrongMessageKind_WhenTheMessageIsAnEvent() =>
        await AssertFails(ErrorCodes.WrongMessageKind, _bus.SendAsync(new Sold("s-1", 1), cancellation: _cancellation));

    [Fact]
    public async Task PublishAsync_ShouldThrowNotAMessage_WhenTheTypeIsNone() =>
        await AssertFails(ErrorCodes.NotAMessage, _bus.PublishAsync("text", _cancellation));

    [Fact]
    public async Task PublishAsync_ShouldThrowMessageTooLarge_WhenTheBodyIsOverTheLimit() =>
        await AssertFails(ErrorCodes.MessageTooLarge, _bus.PublishAsync(new Sold(new string('s', 2000), 1), _cancellation));

    [Fact]
    public async Task PublishAsync_ShouldThrow_WhenTheMessageIsNull() =>
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await _bus.PublishAsync<Sold>(null!, _cancellation));

    [Fact]
    public async Task PublishAsync_ShouldBeCancelled_WhenTheTokenIs() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _bus.PublishAsync(new Sold("s-1", 1), new CancellationToken(canceled: true)));

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task PublishAsync_ShouldUseTheRuntimeType_WhenTheVariableSaysLess(Func<IEventBus, CancellationToken, ValueTask> publish, string type, string body)
    {
        await publish(_bus, _cancellation);

        Assert.Equal(type, Only(0).Type);
        Assert.Equal(body, Encoding.UTF8.GetString(Only(0).Body.Span));
        Assert.Equal("s-1", Only(0).Key);
    }

    public static TheoryData<Func<IEventBus, CancellationToken, ValueTask>, string, string> Variables => new()
    {
        { (bus, cancellation) => bus.PublishAsync<object>(new Sold("s-1", 3), cancellation), "item.sold", """{"id":"s-1","count":3}""" },
        { (bus, cancellation) => bus.PublishAsync<IHasId>(new Sold("s-1", 3), cancellation), "item.sold", """{"id":"s-1","count":3}""" },
        { (bus, cancellation) => bus.PublishAsync<Changed>(new Renamed("s-1", "n"), cancellation), "item.renamed", """{"name":"n","id":"s-1"}""" },
        { (bus, cancellation) => bus.PublishAsync(new Changed("s-1"), cancellation), "item.changed", """{"id":"s-1"}""" },
        { (bus, cancellation) => bus.PublishAsync<Shape>(new Circle("s-1", 2), cancellation), "shape.drawn", """{"$type":"circle","radius":2,"id":"s-1"}""" },
        { (bus, cancellation) => bus.PublishAsync(new Point("s-1"), cancellation), "point.set", """{"id":"s-1"}""" },
        { (bus, cancellation) => bus.PublishAsync<object>(new Point("s-1"), cancellation), "point.set", """{"id":"s-1"}""" },
        { (bus, cancellation) => bus.PublishBatchAsync<object>([new Point("s-1")], cancellation: cancellation), "point.set", """{"id":"s-1"}""" },
    };

    [Fact]
    public async Task PublishAsync_ShouldRefuse_WhenADerivedTypesPropertiesWouldBeLost() =>
        await AssertFails(ErrorCodes.NotAMessage, _bus.PublishAsync<Changed>(new Extended("s-1", "lost"), _cancellation));

    [Fact]
    public async Task DispatchAsync_ShouldPublishOrSend_WhenTheMessageSaysWhich()
    {
        await _bus.DispatchAsync(new Sold("s-1", 1), null, _cancellation);
        await _bus.DispatchAsync<object>(new Ship("s-2"), null, _cancellation);
        await _bus.DispatchAsync<Point?>(new Point("s-3"), null, _cancellation);
        await _bus.DispatchAsync<Point?>(null, null, _cancellation);
        await _bus.DispatchAsync<Sold>(null, null, _cancellation);

        Assert.Equal(["s-1", "s-2", "s-3"], _fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldKeepThemTogether_WhenOthersPublishToo()
    {
        var hold = _fixture.Sender.Hold();
        var first = _bus.PublishAsync(new Sold("first", 1), _cancellation).AsTask();
        var batch = _bus.PublishBatchAsync(Enumerable.Range(0, 25).Select(i => new Sold($"{i}", i)).ToArray(), cancellation: _cancellation).AsTask();
        var last = _bus.PublishAsync(new Sold("last", 1), _cancellation).AsTask();

        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(first, batch, last));

        Assert.Equal(["first", .. Enumerable.Range(0, 25).Select(i => $"{i}"), "last"], _fixture.Sender.Keys);
        Assert.Equal([1, 10, 10, 6], _fixture.Sender.Batches.Select(sent => sent.Length));
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldStoreNothing_WhenOneCannotBeWritten()
    {
        await AssertFails(ErrorCodes.MessageTooLarge, _bus.PublishBatchAsync([new Sold("a", 1), new Sold(new string('s', 2000), 1)], cancellation: _cancellation));

        Assert.Empty(_fixture.Sender.Batches);
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldThrowTheFirstFailure_WhenSomeAreNotStored()
    {
        _fixture.Sender.Answer = (_, _) => new([new SendFailure(2, new PublishFailedException("CRL9002", "two")), new SendFailure(1, new PublishFailedException("CRL9001", "one"))]);

        await AssertFails("CRL9001", _bus.PublishBatchAsync([new Sold("a", 1), new Sold("b", 1), new Sold("c", 1)], cancellation: _cancellation));
        Assert.Equal(0, _fixture.Batcher.Count);
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldRefuse_WhenAnIdIsGiven() =>
        await AssertFails(ErrorCodes.InvalidPublishOptions, _bus.PublishBatchAsync([new Sold("a", 1)], new PublishOptions { Id = EventId.Parse("x") }, _cancellation));

    [Fact]
    public async Task PublishBatchAsync_ShouldThrow_WhenThereIsNoListAtAll() =>
        Assert.Equal("messages", (await Assert.ThrowsAsync<ArgumentNullException>(async () => await _bus.PublishBatchAsync<Sold>(null!, cancellation: _cancellation))).ParamName);

    [Fact]
    public async Task PublishBatchAsync_ShouldDoNothing_WhenThereIsNothing()
    {
        await _bus.PublishBatchAsync(Array.Empty<Sold>(), cancellation: _cancellation);

        Assert.Empty(_fixture.Sender.Batches);
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldStoreNothing_WhenItDoesNotFitAndTheCallerDoesNotWait()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 3 }).Start();
        var bus = Buses.Create(fixture.Batcher);
        var messages = Enumerable.Range(0, 4).Select(i => new Sold($"{i}", i)).ToArray();

        await Assert.ThrowsAsync<PublisherOverloadedException>(async () => await bus.PublishBatchAsync(messages, new PublishOptions { Overload = OverloadBehavior.Throw }, _cancellation));
        Assert.Empty(fixture.Sender.Batches);

        await bus.PublishBatchAsync(messages, cancellation: _cancellation);
        Assert.Equal(["0", "1", "2", "3"], fixture.Sender.Keys);
    }

    [Fact]
    public async Task PublishBatchAsync_ShouldTakeBackWhatIsNotSent_WhenCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var hold = _fixture.Sender.Hold();
        var first = _bus.PublishAsync(new Sold("first", 1), _cancellation).AsTask();
        var batch = _bus.PublishBatchAsync(Enumerable.Range(0, 25).Select(i => new Sold($"{i}", i)).ToArray(), cancellation: cancellation.Token).AsTask();

        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PublishBatcherFixture.Soon(batch));
        hold.SetResult();
        await PublishBatcherFixture.Soon(first);

        Assert.Equal(["first"], _fixture.Sender.Keys);
    }

    private Envelope Only(int index) => _fixture.Sender.Batches.SelectMany(batch => batch).ElementAt(index);

    private static async Task AssertFails(string code, ValueTask call) =>
        Assert.Equal(code, (await Assert.ThrowsAnyAsync<CarillonException>(() => PublishBatcherFixture.Soon(call))).Code);

    public interface IHasId
    {
        string Id { get; }
    }

    [Event("item.sold")]
    public sealed record Sold([property: Key] string Id, int Count) : IHasId;

    [Command("parcel.ship")]
    public sealed record Ship([property: Key] string Id);

    [Event("item.changed")]
    public record Changed([property: Key] string Id);

    [Event("item.renamed")]
    public sealed record Renamed(string Id, string Name) : Changed(Id);

    public sealed record Extended(string Id, string Extra) : Changed(Id);

    [Event("shape.drawn")]
    [JsonDerivedType(typeof(Circle), "circle")]
    public record Shape([property: Key] string Id);

    public sealed record Circle(string Id, int Radius) : Shape(Id);

    [Event("point.set")]
    public readonly record struct Point([property: Key] string Id);
}
