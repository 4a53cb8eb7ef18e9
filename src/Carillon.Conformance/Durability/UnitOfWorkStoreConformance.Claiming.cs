using Carillon.Conformance.Transports;
using Carillon.Durability;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>A message is new once for each subscription, and its id belongs to its body.</summary>
    [Fact]
    public async Task Claim_ShouldTellNewFromKnown_WhenTheMarkIsCommitted()
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        var forged = message with { Body = Message(2).Body };
        var other = message with { Source = "/services/another" };

        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, message));

        Assert.Equal(InboxClaim.Duplicate, await ClaimAndCommitAsync(store, Subscription, message));
        Assert.Equal(InboxClaim.IdReused, await ClaimAndCommitAsync(store, Subscription, forged));
        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, "another", message));
        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, other));
    }

    /// <summary>Ids and sources of any length, as the limits of some service may allow them, are told apart by their last character.</summary>
    [Theory]
    [InlineData(1_024, 2_048)]
    [InlineData(5_000, 6_000)]
    public async Task Claim_ShouldTellMessagesApart_WhenTheirNamesAreLong(int id, int source)
    {
        var store = await OpenStoreAsync();
        var message = Message(1) with { Id = EventId.Parse(LongTexts.Of(id, 'a')), Source = LongTexts.Of(source, 'a') };

        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, message));
        Assert.Equal(InboxClaim.Duplicate, await ClaimAndCommitAsync(store, Subscription, message));
        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, message with { Id = EventId.Parse(LongTexts.Of(id, 'b')) }));
        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, message with { Source = LongTexts.Of(source, 'b') }));
    }

    /// <summary>A transaction that begins with a claim is one as any other: it claims, and what is done in it stands or falls with it.</summary>
    [Fact]
    public async Task BeginToClaim_ShouldBeATransactionAsAnyOther_WhenItHasClaimed()
    {
        var store = await OpenStoreAsync();
        var (one, two, other) = (Message(1), Message(2), Message(5));
        await using (var first = await store.BeginToClaimAsync(Cancellation))
        {
            Assert.Equal(InboxClaim.First, await first.ClaimAsync(Subscription, one, Cancellation));
            Assert.Equal(InboxClaim.First, await first.ClaimAsync(Subscription, two, Cancellation));
            Assert.Equal(InboxClaim.Duplicate, await first.ClaimAsync(Subscription, two, Cancellation));
            await first.ScheduleAsync([Due(Message(3))], Cancellation);
            await first.CommitAsync([Message(4)], Cancellation);
        }

        await using (var rolledBack = await store.BeginToClaimAsync(Cancellation))
            Assert.Equal(InboxClaim.First, await rolledBack.ClaimAsync(Subscription, other, Cancellation));

        Assert.Equal(InboxClaim.Duplicate, await ClaimAndCommitAsync(store, Subscription, one));
        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, other));
    }

    /// <summary>Within one transaction the mark counts already.</summary>
    [Fact]
    public async Task Claim_ShouldTellNewFromKnown_WhenBothAreInOneTransaction()
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        await using var transaction = await store.BeginAsync(Cancellation);

        Assert.Equal(InboxClaim.First, await transaction.ClaimAsync(Subscription, message, Cancellation));
        Assert.Equal(InboxClaim.Duplicate, await transaction.ClaimAsync(Subscription, message, Cancellation));
        Assert.Equal(InboxClaim.First, await transaction.ClaimAsync(Subscription, Message(2), Cancellation));
    }

    /// <summary>What is rolled back was never claimed.</summary>
    [Fact]
    public async Task Claim_ShouldBeForgotten_WhenTheTransactionRollsBack()
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        await using (var transaction = await store.BeginAsync(Cancellation))
            Assert.Equal(InboxClaim.First, await transaction.ClaimAsync(Subscription, message, Cancellation));

        Assert.Equal(InboxClaim.First, await ClaimAndCommitAsync(store, Subscription, message));
    }

    /// <summary>Of many that claim one message at once, one wins; the others wait for what becomes of it, and know then.</summary>
    [Fact]
    public async Task Claim_ShouldBeWonOnce_WhenManyClaimAtOnce()
    {
        var store = await OpenStoreAsync();
        for (var round = 0; round < 10; round++)
        {
            var message = Message(round);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
            {
                await Task.Yield();
                await using var transaction = await store.BeginAsync(Cancellation);
                var answer = await transaction.ClaimAsync(Subscription, message, Cancellation);
                if (answer == InboxClaim.First)
                    await WriteRowAsync(transaction.Transaction, $"{round}");
                await transaction.CommitAsync(Cancellation);
                return answer;
            }));

            Assert.Equal(1, answers.Count(answer => answer == InboxClaim.First));
            Assert.Equal(7, answers.Count(answer => answer == InboxClaim.Duplicate));
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(round => $"{round}").Order(StringComparer.Ordinal), await ReadRowsAsync());
    }

    /// <summary>Another transaction has the message in hand for long, perhaps that of a process that stands still: for whoever waits nothing began, and so nothing failed.</summary>
    [Fact]
    public async Task Claim_ShouldSayThatNothingBegan_WhenAnotherTransactionHasTheMessageInHandForLong()
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        await using (var first = await store.BeginAsync(Cancellation))
        {
            Assert.Equal(InboxClaim.First, await first.ClaimAsync(Subscription, message, Cancellation));
            await Assert.ThrowsAsync<UnitOfWorkNotBegunException>(async () => await ClaimAndCommitAsync(store, Subscription, message));
            await first.CommitAsync(Cancellation);
        }

        Assert.Equal(InboxClaim.Duplicate, await ClaimAndCommitAsync(store, Subscription, message));
    }

    /// <summary>When the winner rolls back, one of those who waited wins instead, and its effect is the only one.</summary>
    [Fact]
    public async Task Claim_ShouldBeWonByTheNext_WhenTheWinnersRollBack()
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        var wins = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            await Task.Yield();
            await using var transaction = await store.BeginAsync(Cancellation);
            if (await transaction.ClaimAsync(Subscription, message, Cancellation) != InboxClaim.First)
                return;
            await WriteRowAsync(transaction.Transaction, $"worker {worker}");
            await transaction.AppendAsync([Message(worker)], Cancellation);
            if (Interlocked.Increment(ref wins) > 3)
                await transaction.CommitAsync(Cancellation);
        }));

        Assert.Equal(4, wins);
        var winner = Assert.Single(await ReadNumbersAsync());
        Assert.Equal([$"worker {winner}"], await ReadRowsAsync());
    }

    private static async ValueTask<InboxClaim> ClaimAndCommitAsync(IUnitOfWorkStore store, string subscription, Envelope message)
    {
        await using var transaction = await store.BeginAsync(Cancellation);
        var answer = await transaction.ClaimAsync(subscription, message, Cancellation);
        await transaction.CommitAsync(Cancellation);
        return answer;
    }
}
