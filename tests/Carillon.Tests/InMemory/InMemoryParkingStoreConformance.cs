using Carillon.Conformance;
using Carillon.InMemory;
using Carillon.Parking;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryParkingStoreConformance : ParkingStoreConformance
{
    private InMemoryParkingStore? _store;

    protected override ValueTask<IParkingStore> OpenStoreAsync(TimeProvider time) => new(_store ??= new InMemoryParkingStore(time));
}
