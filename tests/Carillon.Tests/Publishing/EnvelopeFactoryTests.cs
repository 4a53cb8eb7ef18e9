using System.Diagnostics;
using Carillon.Events;
using Carillon.Publishing;
using Carillon.Tests.Events;
using Carillon.Tests.Serialization;

namespace Carillon.Tests.Publishing;

public sealed class EnvelopeFactoryTests
{
    private static readonly UserRegistered _message = new("user-1", "Zoë", 42, 1.5m, 0.25, StoppedTime.Start);

    private readonly StoppedTime _time = new();
    private readonly EnvelopeFactory _envelopes;

    public EnvelopeFactoryTests() => _envelopes = Buses.Envelopes(_time);

    [Fact]
    public void Create_ShouldTakeEverythingFromTheType_WhenNothingElseIsSaid()
    {
        Activity.Current = null;
        byte[] body = [1, 2, 3];

        var envelope = _envelopes.Create(Definition, _message, null, body);

        Assert.Equal(
            new Envelope
            {
                Id = envelope.Id,
                Source = "/services/orders",
                Type = "user.registered",
                Version = 1,
                Kind = MessageKind.Event,
                Topic = "user.registered",
                Key = "user-1",
                Priority = Priority.Normal,
                Time = StoppedTime.Start,
                ContentType = "application/json",
                CorrelationId = envelope.Id,
                Body = envelope.Body,
            },
            envelope);
        Assert.Equal(body, envelope.Body);
        Assert.True(envelope.Id.TryGetUuid(out _));
    }

    [Fact]
    public void Constructor_ShouldThrow_WhenReceiversWouldRefuseWhereMessagesComeFrom()
    {
        var limits = new EnvelopeLimits { SourceCharacters = 64 };
        EnvelopeFactory Create(int characters) => new(new string('s', characters), new EventIdSource(_time, new Random(1)), _time, limits);

        Assert.NotNull(Create(54));
        Assert.Equal(ErrorCodes.InvalidConfiguration, Assert.Throws<CarillonConfigurationException>(() => Create(55)).Code);
    }

    [Fact]
    public void Create_ShouldFollowTheOptions_WhenTheySayEverything()
    {
        var headers = new Dictionary<string, string> { ["tenant"] = "a" };
        var envelope = Create(new PublishOptions
        {
            Id = EventId.Parse("my id"),
            Key = "my key",
            Destination = "billing",
            Priority = Priority.High,
            Subject = "my subject",
            TimeToLive = TimeSpan.FromMinutes(1),
            CorrelationId = EventId.Parse("my conversation"),
            Headers = headers,
        });

        headers["tenant"] = "changed afterwards";

        Assert.Equal(("my id", "my key", "billing", Priority.High, "my subject"), (envelope.Id.ToString(), envelope.Key, envelope.Destination, envelope.Priority, envelope.Subject));
        Assert.Equal(StoppedTime.Start.AddMinutes(1), envelope.ExpiryTime);
        Assert.Equal("my conversation", envelope.CorrelationId.ToString());
        Assert.Equal("a", Assert.Single(envelope.Headers!).Value);
    }

    [Fact]
    public void Create_ShouldNeverExpire_WhenTheLifetimeReachesBeyondTime() =>
        Assert.Null(Create(new PublishOptions { TimeToLive = TimeSpan.MaxValue }).ExpiryTime);

    [Fact]
    public async Task Create_ShouldTakeCorrelationAndCause_WhenAMessageIsBeingHandled()
    {
        AmbientContext.Enter(new TestScope(new MessageCause(EventId.Parse("cause"), EventId.Parse("conversation"))));
        await Task.Yield();

        var during = Create();
        AmbientContext.Enter(new TestScope(new MessageCause(EventId.Parse("foreign"), default)));
        var withoutConversation = Create();
        var optionsWin = Create(new PublishOptions { CorrelationId = EventId.Parse("other") });
        AmbientContext.Enter(null);
        var after = Create();

        Assert.Equal(("conversation", "cause"), (during.CorrelationId.ToString(), during.CausationId.ToString()));
        Assert.Equal(("foreign", "foreign"), (withoutConversation.CorrelationId.ToString(), withoutConversation.CausationId.ToString()));
        Assert.Equal(("other", "foreign"), (optionsWin.CorrelationId.ToString(), optionsWin.CausationId.ToString()));
        Assert.Equal((after.Id, default), (after.CorrelationId, after.CausationId));
    }

    [Fact]
    public void Create_ShouldCarryTheTrace_WhenAnActivityIsCurrent()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        activity.TraceStateString = "vendor=1";
        activity.Start();

        var envelope = Create();

        Assert.Equal(activity.Id, envelope.TraceParent);
        Assert.StartsWith("00-", envelope.TraceParent, StringComparison.Ordinal);
        Assert.Equal("vendor=1", envelope.TraceState);
    }

    [Fact]
    public void Create_ShouldCarryNoTrace_WhenTheActivityHasAnotherForm()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.Hierarchical);
        activity.Start();

        Assert.Null(Create().TraceParent);
    }

    public static TheoryData<string, PublishOptions> BadOptions => new()
    {
        { "key", new PublishOptions { Key = "" } },
        { "key", new PublishOptions { Key = new string('k', 513) } },
        { "key", new PublishOptions { Key = "a\nb" } },
        { "Id", new PublishOptions { Id = EventId.Parse(new string('i', 257)) } },
        { "Id", new PublishOptions { Id = EventId.Parse("a\0b") } },
        { "CorrelationId", new PublishOptions { CorrelationId = EventId.Parse("a\rb") } },
        { "Destination", new PublishOptions { Destination = "*" } },
        { "Destination", new PublishOptions { Destination = "" } },
        { "Destination", new PublishOptions { Destination = "billing; drop table" } },
        { "Subject", new PublishOptions { Subject = "" } },
        { "Subject", new PublishOptions { Subject = new string('s', 1025) } },
        { "Priority", new PublishOptions { Priority = (Priority)3 } },
        { "Overload", new PublishOptions { Overload = (OverloadBehavior)(-1) } },
        { "TimeToLive", new PublishOptions { TimeToLive = TimeSpan.Zero } },
        { "TimeToLive", new PublishOptions { TimeToLive = TimeSpan.FromTicks(-1) } },
        { "header", Header("") },
        { "header", Header("Tenant") },
        { "header", Header("a b") },
        { "header", Header("a\r\nb") },
        { "header", Header("grün") },
        { "header", Header(new string('h', 65)) },
        { "ce-id", Header("ce-id") },
        { "car-attempt", Header("car-attempt") },
        { "tenant", Header("tenant", "a\r\nb: c") },
        { "tenant", Header("tenant", new string('v', 4097)) },
        { "tenant", Header("tenant", null!) },
        { "headers", new PublishOptions { Headers = Enumerable.Range(0, 65).ToDictionary(i => $"h{i}", _ => "") } },
        { "headers", new PublishOptions { Headers = Enumerable.Range(0, 10).ToDictionary(i => $"h{i}", _ => new string('v', 4000)) } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Create_ShouldRefuseByName_WhenAnOptionIsNotAllowed(string name, PublishOptions options)
    {
        var error = Assert.Throws<CarillonException>(() => Create(options));

        Assert.Equal(ErrorCodes.InvalidPublishOptions, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0000b")]
    public void Create_ShouldRefuse_WhenTheMessagesOwnKeyIsNotAllowed(string key) =>
        Assert.Equal(ErrorCodes.InvalidPublishOptions, Assert.Throws<CarillonException>(() => _envelopes.Create(Definition, _message with { UserId = key }, null, default)).Code);

    private static MessageDefinition<UserRegistered> Definition { get; } = AttributedMessage.Define<UserRegistered>();

    private static PublishOptions Header(string name, string value = "value") => new() { Headers = new Dictionary<string, string> { [name] = value } };

    private Envelope Create(PublishOptions? options = null) => _envelopes.Create(Definition, _message, options, default);
}
