using Carillon.Conformance;
using Carillon.Parking;

namespace Carillon.Testing.Tests.Stores;

public sealed class SimulatedParkingStoreConformance : ParkingStoreConformance
{
    private StoreFixture? _store;

    protected override bool IsDurable => true;

    protected override ValueTask<IParkingStore> OpenStoreAsync(TimeProvider time) => new((_store ??= new StoreFixture(time)).OpenParking());
}
