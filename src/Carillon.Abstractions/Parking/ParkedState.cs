namespace Carillon.Parking;

/// <summary>What a parked message waits for.</summary>
public enum ParkedState
{
    /// <summary>For its time, and for everything before it of the same key.</summary>
    Scheduled = 0,

    /// <summary>For a person: it is a dead letter.</summary>
    Dead = 1,
}
