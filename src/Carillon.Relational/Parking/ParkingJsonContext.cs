using System.Text.Json.Serialization;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>How attempts, numbers and names are written, without reflection.</summary>
[JsonSerializable(typeof(IReadOnlyList<FailedAttempt>))]
[JsonSerializable(typeof(FailedAttempt[]))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
internal sealed partial class ParkingJsonContext : JsonSerializerContext;
