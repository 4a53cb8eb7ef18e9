using Carillon.Durability;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>What a unit of work schedules is on the schedule when it commits.</summary>
    [Fact]
    public async Task Schedule_ShouldKeepMessages_WhenTheTransactionCommits()
    {
        var store = await OpenStoreAsync();
        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await transaction.ScheduleAsync([Due(Message(2)), Due(Message(3))], Cancellation);
            await transaction.AppendAsync([Message(1)], Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal([1], await ReadNumbersAsync());
        Assert.Equal([2, 3], await ReleaseAsync());
        Assert.Equal([1, 2, 3], await ReadNumbersAsync());
    }

    /// <summary>A unit of work takes messages off the schedule, its own too, and those stay on it when it rolls back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelScheduled_ShouldShareTheFateOfTheTransaction_WhenItEnds(bool commits)
    {
        var store = await OpenStoreAsync();
        var (standing, own, kept) = (Message(1), Message(2), Message(3));
        await (await OpenScheduleAsync()).AddAsync([Due(standing), Due(kept)], Cancellation);

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await transaction.ScheduleAsync([Due(own)], Cancellation);
            Assert.True(await transaction.CancelScheduledAsync(standing.Source!, standing.Id, Cancellation));
            Assert.True(await transaction.CancelScheduledAsync(own.Source!, own.Id, Cancellation));
            Assert.False(await transaction.CancelScheduledAsync(own.Source!, own.Id, Cancellation));
            Assert.False(await transaction.CancelScheduledAsync("/services/another", kept.Id, Cancellation));
            if (commits)
                await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(commits ? [3] : [1, 3], await ReleaseAsync());
    }

    /// <summary>What an open transaction takes off the schedule is not published meanwhile, whoever releases, and afterwards only when it was rolled back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelScheduled_ShouldKeepOthersFromPublishing_WhenTheTransactionStaysOpen(bool commits)
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        await (await OpenScheduleAsync()).AddAsync([Due(message)], Cancellation);
        Task releasing;

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            Assert.True(await transaction.CancelScheduledAsync(message.Source!, message.Id, Cancellation));
            releasing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await (await OpenScheduleAsync()).ReleaseAsync(Cancellation)));
            if (commits)
                await transaction.CommitAsync(Cancellation);
        }

        await releasing;
        await ReleaseAsync();
        Assert.Equal(commits ? [] : [1], await ReadNumbersAsync());
    }

    /// <summary>A message that a unit of work schedules is one message, whether it waits already or another unit of work schedules it too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Schedule_ShouldKeepOneMessage_WhenSeveralScheduleIt(bool waits)
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        if (waits)
            await (await OpenScheduleAsync()).AddAsync([Due(message)], Cancellation);
        Task other;

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await transaction.ScheduleAsync([Due(message), Due(message)], Cancellation);
            other = ScheduleAloneAsync(store, message);
            await transaction.CommitAsync(Cancellation);
        }

        await other;
        Assert.Equal([1], await ReleaseAsync());
    }

    /// <summary>A unit of work may put another message in the place of one that waits, if it takes that one off first; otherwise it is refused.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Schedule_ShouldRefuseAnotherMessage_WhenTheFirstOfItsIdIsNotCancelled(bool cancels, bool commits)
    {
        var store = await OpenStoreAsync();
        var first = Message(1);
        await (await OpenScheduleAsync()).AddAsync([Due(first)], Cancellation);

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            if (cancels)
                Assert.True(await transaction.CancelScheduledAsync(first.Source!, first.Id, Cancellation));
            var scheduling = transaction.ScheduleAsync([Due(Message(2) with { Id = first.Id })], Cancellation);
            if (cancels)
                await scheduling;
            else
                Assert.Equal(ErrorCodes.AlreadyScheduled, (await Assert.ThrowsAsync<PublishFailedException>(async () => await scheduling)).Code);
            if (commits)
                await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(commits ? [2] : [1], await ReleaseAsync());
    }

    private static async Task ScheduleAloneAsync(IUnitOfWorkStore store, Envelope message)
    {
        await Task.Yield();
        await using var transaction = await store.BeginAsync(Cancellation);
        await transaction.ScheduleAsync([Due(message)], Cancellation);
        await transaction.CommitAsync(Cancellation);
    }
}
