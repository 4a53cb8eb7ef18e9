using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Properties.Tests.Sqlite;
using Carillon.Relational;
using Carillon.Transports;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Parking;

/// <summary>What is parked comes back as it was, to whom it is due and to people, in every culture.</summary>
[Collection(CultureCollection.Name)]
public sealed class ParkedMessageProperties : IAsyncDisposable
{
    private readonly TemporaryFile _file = new(new ShownTime(DateTimeOffset.MaxValue.AddDays(-1)));

    private static readonly Gen<string?> _sources = Gen.Elements(null, "", "a", "a\nb", "b", "\n", "\n-", "1\na", "-", "@0:1", "/services/a");
    private static readonly Gen<string> _ids = Gen.Elements("a", "b", "b\nc", "c", "\nc", "-\nc", "@0:1", "0\n\nc", "1\na\nc");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Park_ShouldKeepTheMessageAsItIs_WhenItIsAny()
    {
        var store = new RelationalParkingStore(_file.File);
        var cases = 0;

        return Always.HoldsAsync(
            from message in ParkedMessages.Any from isDead in Gen.Elements(true, false) from culture in Cultures.Names select (Message: message, IsDead: isDead, Culture: culture),
            async given =>
            {
                using var scope = new CultureScope(given.Culture);
                var parked = given.Message with { Subscription = $"orders-{++cases}", State = given.IsDead ? ParkedState.Dead : ParkedState.Scheduled };
                var owner = await OwnAsync(store, parked);
                await store.ParkAsync(owner, [parked], Cancellation);
                if (given.IsDead)
                    await LookAsync(store, parked);
                else
                    await ClaimAsync(store, owner, parked);
            },
            given => Envelopes.Simpler(given.Message.Envelope).Select(envelope => (given.Message with { Envelope = envelope }, given.IsDead, given.Culture)),
            cost: 2);
    }

    /// <summary>Two messages are one only when subscription, source and id are the same; those without an id, when they stand in the same place.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Park_ShouldKeepBoth_WhenTheirNamesDiffer(bool isDurable)
    {
        IParkingStore store = isDurable ? new RelationalParkingStore(_file.File) : new InMemoryParkingStore(TimeProvider.System);
        var cases = 0;

        await Always.HoldsAsync(
            Gen.Frequency(
                (9, from source in _sources from id in _ids select (Source: source, Id: id)),
                (1, Gen.Constant<(string? Source, string Id)>((null, "")))).ArrayOf().Resize(8),
            async names =>
            {
                var subscription = $"orders-{++cases}";
                var owner = await OwnAsync(store, Named(subscription, null, ""));
                foreach (var (source, id) in names)
                    await store.ParkAsync(owner, [Named(subscription, source, id)], Cancellation);

                var letters = await ((IDeadLetters)store).ListAsync(new DeadLetterQuery { Subscription = subscription }, Cancellation);

                Assert.Equal(
                    names.Distinct().Select(name => Show.Value(name)).Order(StringComparer.Ordinal),
                    letters.Select(letter => Show.Value((letter.Envelope.Source, letter.Envelope.Id.ToString()))).Order(StringComparer.Ordinal));
                foreach (var letter in letters)
                    await ((IDeadLetters)store).DiscardAsync(letter.Id, Cancellation);
            },
            names => Smaller.Sequences(names));
    }

    public async ValueTask DisposeAsync() => await _file.DisposeAsync();

    private static async Task<ParkingOwner> OwnAsync(IParkingStore store, ParkedMessage message) =>
        Assert.Single(await store.TakeOverAsync(message.Subscription, [new AssignedPartition(message.Partition)], Cancellation));

    private static async Task ClaimAsync(RelationalParkingStore store, ParkingOwner owner, ParkedMessage parked)
    {
        var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim([owner], 10, 10), Cancellation));
        Assert.Equal(
            (parked.Subscription, parked.Partition, parked.Position, parked.State, parked.Rounds, parked.BlocksKey, parked.ParkedAt, parked.Code, StorableText.Show(parked.Reason)),
            (claimed.Subscription, claimed.Partition, claimed.Position, claimed.State, claimed.Rounds, claimed.BlocksKey, claimed.ParkedAt, claimed.Code, claimed.Reason));
        Assert.Equal(parked.Attempts, claimed.Attempts);
        EnvelopeEquality.AssertSame(parked.Envelope, claimed.Envelope);
        await store.SettleAsync(owner, [claimed.Id], null, Cancellation);
    }

    private static async Task LookAsync(RelationalParkingStore store, ParkedMessage parked)
    {
        var letter = Assert.Single(await store.ListAsync(new DeadLetterQuery { Subscription = parked.Subscription, Code = parked.Code }, Cancellation));
        Assert.Equal(
            (parked.Subscription, parked.ParkedAt, parked.Code, StorableText.Show(parked.Reason) ?? "", 0),
            (letter.Subscription, letter.ParkedAt, letter.Code, letter.Reason, letter.Waiting));
        Assert.Equal(parked.Attempts, letter.Attempts);
        EnvelopeEquality.AssertSame(parked.Envelope, letter.Envelope);
        EnvelopeEquality.AssertSame(parked.Envelope, (await store.FindAsync(letter.Id, Cancellation))!.Envelope);
        await store.DiscardAsync(letter.Id, Cancellation);
    }

    private static ParkedMessage Named(string subscription, string? source, string id) => new()
    {
        Subscription = subscription,
        Envelope = Envelopes.Plain with { Source = source, Id = EventId.Parse(id) },
        Partition = Partitions.Whole,
        Position = 1,
        State = ParkedState.Dead,
        ParkedAt = DateTimeOffset.UnixEpoch,
        Code = ErrorCodes.HandlerFailed,
    };
}
