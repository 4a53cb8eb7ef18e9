using System.Collections.Concurrent;
using System.Text;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Subscribing;

/// <summary>What strangers put on the wire: each ends as a dead letter with a code and its bytes, and nothing else is harmed (G5, G8).</summary>
public sealed class BadInputTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes("""{"walker":"w","number":1}""");

    public static TheoryData<string, string> Bodies => new()
    {
        { "", ErrorCodes.EmptyBody },
        { "00", ErrorCodes.MalformedBody },
        { Hex("""{"walker":"w","number":"""), ErrorCodes.MalformedBody },
        { Hex("""{"walker":"w","number":1} and more"""), ErrorCodes.MalformedBody },
        { "7B2277616C6B6572223A22C328222C226E756D626572223A317D", ErrorCodes.InvalidEncoding },
        { Convert.ToHexString(Encoding.Unicode.GetBytes("""{"walker":"w","number":1}""")), ErrorCodes.InvalidEncoding },
        { Hex(new string('[', 20_000)), ErrorCodes.TooDeep },
        { Hex($$"""{"walker":"{{new string('w', 1 << 20)}}","number":1}"""), ErrorCodes.BodyTooLarge },
        { Hex("""{"walker":"w","walker":"x","number":1}"""), ErrorCodes.MalformedBody },
        { Hex("""{"walker":"w"}"""), ErrorCodes.MalformedBody },
        { Hex("""{"walker":"w","number":99999999999999999999}"""), ErrorCodes.MalformedBody },
    };

    public static TheoryData<string, string> Attributes => new()
    {
        { "no id", ErrorCodes.InvalidAttribute },
        { "no source", ErrorCodes.InvalidAttribute },
        { "no type", ErrorCodes.TypeMissing },
        { "unknown type", ErrorCodes.UnknownType },
        { "unknown version", ErrorCodes.UnknownType },
        { "CLR type", ErrorCodes.TypeNameOnWire },
        { "content type", ErrorCodes.UnknownContentType },
        { "expired", ErrorCodes.Expired },
        { "header with line break", ErrorCodes.HeaderLimit },
        { "defect", ErrorCodes.InvalidAttribute },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public Task Handling_ShouldKeepTheBytesAsADeadLetter_WhenTheBodyIsBroken(string body, string code) =>
        EndsAsDeadLetterAsync(Envelope(Convert.FromHexString(body)), code);

    [Theory]
    [MemberData(nameof(Attributes))]
    public Task Handling_ShouldKeepTheBytesAsADeadLetter_WhenAnAttributeIsBroken(string fault, string code) =>
        EndsAsDeadLetterAsync(fault switch
        {
            "no id" => Envelope(Good) with { Id = default },
            "no source" => Envelope(Good) with { Source = null },
            "no type" => Envelope(Good) with { Type = null },
            "unknown type" => Envelope(Good) with { Type = "nobody.knows" },
            "unknown version" => Envelope(Good) with { Version = 7 },
            "CLR type" => Envelope(Good) with { Type = "System.Diagnostics.Process, System" },
            "content type" => Envelope(Good) with { ContentType = "application/x-java-serialized-object" },
            "expired" => Envelope(Good) with { ExpiryTime = DateTimeOffset.UnixEpoch },
            "header with line break" => Envelope(Good) with { Headers = new Dictionary<string, string> { ["x"] = "a\r\nb" } },
            _ => Envelope(Good) with { Defect = new EnvelopeDefect(ErrorCodes.InvalidAttribute, "time: not a time") },
        }, code);

    [Fact]
    public async Task Handling_ShouldWarnOfAnAttack_WhenAClrTypeIsNamedAndNotOtherwise()
    {
        using var log = new RecordingLog();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Logging.AddProvider(log);
            builder.AddCarillon("shop", static carillon => carillon.UseInMemory().Subscription(BuryAtOnce).On<StepTaken>(static _ => { }));
        });

        await service.SendRawAsync(Envelope(Good) with { Id = EventId.Parse("stranger-2"), Key = "other", Type = "nobody.knows" });
        await service.SendRawAsync(Envelope(Good) with { Type = "System.Diagnostics.Process, System" });

        await Eventually.IsTrueAsync(async () => (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == 2);
        var warning = Assert.Single(log.Of(1206));
        Assert.Contains("stranger-1", warning, StringComparison.Ordinal);
        Assert.Contains("/strangers", warning, StringComparison.Ordinal);
    }

    private static void BuryAtOnce(SubscriptionOptions subscription) => subscription.UnhandledRetention = TimeSpan.Zero;

    private static async Task EndsAsDeadLetterAsync(Envelope envelope, string code)
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon.Subscription(BuryAtOnce).On<StepTaken>(step => handled.Enqueue(step.Number)));

        await service.SendRawAsync(envelope);
        await service.Bus.PublishAsync(new StepTaken("other", 2), Cancellation);

        await Eventually.IsTrueAsync(() => !handled.IsEmpty);
        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () => (dead = (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).SingleOrDefault()) is not null);
        Assert.Equal([2], handled);
        Assert.Equal((code, "shop"), (dead!.Code, dead.Subscription));
        Assert.Equal(envelope.Body.ToArray(), dead.Envelope.Body.ToArray());
    }

    private static Envelope Envelope(byte[] body) => new()
    {
        Id = EventId.Parse("stranger-1"),
        Source = "/strangers",
        Type = "step.taken",
        Version = 1,
        Topic = "step.taken",
        Key = "w",
        Time = DateTimeOffset.UnixEpoch,
        ContentType = "application/json",
        Body = body,
    };

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
