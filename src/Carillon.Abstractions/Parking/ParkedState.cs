namespace Carillon.Parking;

/// <summary>What a parked message waits for.</summary>
public enum ParkedState
{
    /// <summary>For its time, and for everything before it of the same key.</summary>
    Scheduled = 0,

    /// <summary>For a person: it is a dead letter.</summary>
    Dead = 1,

    /// <summary>For its time or a person, whichever comes first: a dead letter that is tried again by itself.</summary>
    Stopped = 2,

    /// <summary>For what is before it of the same key, and for nothing else. Once it is kept it is <see cref="Scheduled"/>.</summary>
    Behind = 3,
}
