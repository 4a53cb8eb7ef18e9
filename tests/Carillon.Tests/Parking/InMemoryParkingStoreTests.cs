using Carillon.Parking;

namespace Carillon.Tests.Parking;

public sealed class InMemoryParkingStoreTests
{
    private static readonly CancellationToken _never = CancellationToken.None;

    [Fact]
    public async Task Park_ShouldKeepNothingOfBatch_WhenStoreIsFull()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityMessages: 3);
        await store.ParkAsync([Message(1), Message(2)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync([Message(3), Message(4)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
        Assert.Equal(2, (await store.CountByKeyAsync("orders", [0], _never)).Count);
        await store.ParkAsync([Message(1), Message(2), Message(3)], _never);
        Assert.Equal(3, (await store.CountByKeyAsync("orders", [0], _never)).Count);
    }

    [Fact]
    public async Task Park_ShouldFail_WhenBytesAreUsedUp()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityBytes: 100_000);
        await store.ParkAsync([Message(1, bodyLength: 60_000)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync([Message(2, bodyLength: 60_000)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
    }

    [Fact]
    public async Task Park_ShouldSucceed_WhenRoomWasMade()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityMessages: 1, capacityBytes: 100_000);
        for (var number = 1; number <= 5; number++)
        {
            await store.ParkAsync([Message(number, bodyLength: 60_000)], _never);
            var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim("orders", [0], "one", TimeSpan.FromMinutes(1), 10), _never));
            await store.UpdateAsync(claimed with { Attempts = [new FailedAttempt(1, default, null, "Error", new string('m', 4000), null)] }, _never);
            await store.CompleteAsync([claimed.Id], _never);
        }
    }

    [Fact]
    public async Task WaitForWork_ShouldPause_WhenWorkBelongsToAnotherInstance()
    {
        var store = new InMemoryParkingStore(TimeProvider.System);
        await store.ParkAsync([Message(1)], _never);
        var began = TimeProvider.System.GetTimestamp();

        for (var round = 0; round < 5; round++)
        {
            await store.WaitForWorkAsync("orders", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Empty(await store.ClaimAsync(new ParkingClaim("orders", [7], "other", TimeSpan.FromMinutes(1), 10), _never));
        }

        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(60), "the store announced the same work in a busy loop");
    }

    private static ParkedMessage Message(int number, int bodyLength = 10) => new()
    {
        Subscription = "orders",
        Envelope = new Envelope { Id = EventId.Parse($"{number}"), Source = "s", Key = $"key-{number}", Body = new byte[bodyLength] },
        Partition = 0,
        Position = number,
        State = ParkedState.Scheduled,
        ParkedAt = DateTimeOffset.UnixEpoch,
    };
}
