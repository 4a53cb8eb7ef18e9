using System.Collections.Concurrent;
using Carillon.Conformance.Transports;
using Carillon.Parking;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>Messages of a key are taken one at a time, in the order of their positions, whatever order they were parked in.</summary>
    [Fact]
    public async Task Claim_ShouldTakeFirstOfKey_WhenSeveralAreDue()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(3, "k"), Parked(1, "k")], Cancellation);
        await store.ParkAsync([Parked(2, "k"), Parked(4, "l")], Cancellation);

        var taken = new List<IReadOnlyList<int>>();
        for (var round = 0; round < 4; round++)
        {
            var claimed = await ClaimAsync(store);
            taken.Add(Numbers(claimed));
            await store.CompleteAsync([.. claimed.Select(message => message.Id)], Cancellation);
        }

        Assert.Equal([[1, 4], [2], [3], []], taken);
    }

    /// <summary>Messages without a key wait for nothing.</summary>
    [Fact]
    public async Task Claim_ShouldTakeAll_WhenMessagesHaveNoKey()
    {
        var (store, _) = await OpenAsync();

        await store.ParkAsync([Parked(1, null), Parked(2, null), Dead(3, null), Parked(4, null)], Cancellation);

        Assert.Equal([1, 2, 4], Numbers(await ClaimAsync(store)));
    }

    /// <summary>No more is taken than was asked for.</summary>
    [Fact]
    public async Task Claim_ShouldTakeLimit_WhenMoreAreDue()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([.. Enumerable.Range(0, 10).Select(number => Parked(number, $"key-{number}"))], Cancellation);

        var first = await ClaimAsync(store, limit: 4);
        var rest = await ClaimAsync(store, limit: 100);

        Assert.Equal((4, 6), (first.Count, rest.Count));
        Assert.Equal(Enumerable.Range(0, 10), Numbers(first.Concat(rest)));
    }

    /// <summary>An instance takes only what lies in its partitions and belongs to the subscription.</summary>
    [Fact]
    public async Task Claim_ShouldTakeOwnPartitions_WhenOthersHaveMessages()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k", partition: "1"), Parked(2, "l", partition: "2"), Parked(3, "m", partition: "1") with { Subscription = "stock" }], Cancellation);

        var claimed = await store.ClaimAsync(new ParkingClaim("orders", ["1", "5"], "one", TimeSpan.FromMinutes(1), 100), Cancellation);

        Assert.Equal([1], Numbers(claimed));
    }

    /// <summary>What one has taken nobody else gets, and not the same one a second time either.</summary>
    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task Claim_ShouldTakeNothing_WhenMessageIsHeld(string secondOwner)
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k"), Parked(2, "k")], Cancellation);
        await ClaimAsync(store, "one");

        Assert.Empty(await ClaimAsync(store, secondOwner));
    }

    /// <summary>Of many who claim at once, one gets each message.</summary>
    [Fact]
    public async Task Claim_ShouldTakeEachOnce_WhenOwnersAreConcurrent()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([.. Enumerable.Range(0, 200).Select(number => Parked(number, $"key-{number}"))], Cancellation);
        var taken = new ConcurrentQueue<ParkedMessage>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async owner =>
        {
            await Task.Yield();
            while (await ClaimAsync(store, $"owner-{owner}", limit: 9) is { Count: > 0 } claimed)
            {
                foreach (var message in claimed)
                    taken.Enqueue(message);
            }
        }));

        Assert.Equal(Enumerable.Range(0, 200), Numbers(taken));
    }

    /// <summary>A message that waits for its time is not due before it, and then is.</summary>
    [Fact]
    public async Task Claim_ShouldWaitForTime_WhenMessageIsDueLater()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k") with { Due = Now.AddSeconds(10) }, Parked(2, "k"), Parked(3, "l")], Cancellation);

        Assert.Equal([3], Numbers(await ClaimAsync(store)));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await ClaimAsync(store));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>What a dead owner held may be taken by others when its lease is over, and not before.</summary>
    [Fact]
    public async Task Claim_ShouldTakeMessage_WhenLeaseOfHolderIsOver()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k")], Cancellation);
        await ClaimAsync(store, "one");

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(await ClaimAsync(store, "two"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1], Numbers(await ClaimAsync(store, "two")));
    }

    /// <summary>A message that failed again is given up by its holder, remembers the attempt, waits for its new time and keeps its place.</summary>
    [Fact]
    public async Task Update_ShouldKeepPlaceOfMessage_WhenItIsTriedLater()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k"), Parked(2, "k")], Cancellation);
        var claimed = Assert.Single(await ClaimAsync(store, "one"));
        var attempt = new FailedAttempt(1, Now, "Inventory.On", "System.TimeoutException", "too slow", "   at Inventory.On()");

        await store.UpdateAsync(claimed with { Due = Now.AddSeconds(5), Attempts = [attempt] }, Cancellation);

        Assert.Empty(await ClaimAsync(store, "two"));
        _time.Advance(TimeSpan.FromSeconds(5));
        var again = Assert.Single(await ClaimAsync(store, "two"));
        Assert.Equal((claimed.Id, attempt), (again.Id, Assert.Single(again.Attempts)));
        EnvelopeAssert.Same(claimed.Envelope, again.Envelope);
    }

    /// <summary>A message that is given up becomes a dead letter, and its key waits behind it or goes on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Update_ShouldMakeDeadLetter_WhenMessageIsGivenUp(bool blocksKey)
    {
        var (store, deadLetters) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k"), Parked(2, "k")], Cancellation);
        var claimed = Assert.Single(await ClaimAsync(store));

        await store.UpdateAsync(claimed with { State = ParkedState.Dead, BlocksKey = blocksKey, Code = ErrorCodes.Expired, Reason = "too late" }, Cancellation);

        Assert.Equal(blocksKey ? [] : [2], Numbers(await ClaimAsync(store)));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal((claimed.Id, ErrorCodes.Expired, "too late", blocksKey ? 1 : 0), (letter.Id, letter.Code, letter.Reason, letter.Waiting));
    }
}
