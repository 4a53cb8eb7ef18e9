namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Places a parcel for every payment.</summary>
public static class ParcelHandlers
{
    [Handler]
    public static void On(PaymentReceived payment, ParcelContext parcels) => parcels.Place(payment.Number);
}
