//! A line that fails: it stands between two of our own and does to the answering side's bytes what networks do. Which
//! connection meets which fault is the test's to say.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What happens to the bytes of an answer on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// So many bytes arrive, then the connection is gone.
    Cut(usize),
    /// So many bytes arrive, then nothing, and the connection stays open.
    Stall(usize),
    /// Each byte arrives alone.
    Trickle,
    /// So many bytes arrive alone, the others later.
    Split(usize),
}

/// A running line; ends when dropped.
pub struct FaultProxy {
    /// Where it listens.
    pub address: SocketAddr,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    stalled: Arc<Notify>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// In front of an address.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let faults: Arc<Mutex<VecDeque<Fault>>> = Arc::default();
        let stalled = Arc::new(Notify::new());
        let (next, told) = (Arc::clone(&faults), Arc::clone(&stalled));
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let fault = next.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let told = Arc::clone(&told);
                tokio::spawn(async move {
                    if let Ok(far) = TcpStream::connect(target).await {
                        pass(near, far, fault.unwrap_or(Fault::None), &told).await;
                    }
                });
            }
        });
        Self {
            address,
            faults,
            stalled,
            task,
        }
    }

    /// What the next connection meets that nobody has spoken for yet; those without a fault are left alone.
    pub fn next(&self, fault: Fault) {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(fault);
    }

    /// Waits until a connection stalls.
    pub async fn stalled(&self) {
        self.stalled.notified().await;
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(near: TcpStream, far: TcpStream, fault: Fault, stalled: &Notify) {
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (mut from_client, mut to_client) = near.into_split();
    let (mut from_server, mut to_server) = far.into_split();
    let asking = async {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    };
    let answering = async {
        let _ = answer(&mut from_server, &mut to_client, fault, stalled).await;
    };
    // Whichever ends first takes both connections along; a client that only stops asking still wants its answer.
    tokio::pin!(answering);
    tokio::select! {
        () = asking => answering.await,
        () = &mut answering => {}
    }
}

async fn answer(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    fault: Fault,
    stalled: &Notify,
) -> std::io::Result<()> {
    let mut passed = 0;
    let mut chunk = [0; 16 * 1024];
    loop {
        let count = from.read(&mut chunk).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        let bytes = &chunk[..count];
        match fault {
            Fault::None => to.write_all(bytes).await?,
            Fault::Cut(most) | Fault::Stall(most) if passed + count >= most => {
                to.write_all(&bytes[..most - passed]).await?;
                to.flush().await?;
                if matches!(fault, Fault::Cut(_)) {
                    return Ok(());
                }
                stalled.notify_one();
                // Until whoever waits gives up.
                while from.read(&mut chunk).await? > 0 {}
                return std::future::pending().await;
            }
            Fault::Cut(_) | Fault::Stall(_) => to.write_all(bytes).await?,
            Fault::Trickle => {
                for byte in bytes {
                    to.write_all(&[*byte]).await?;
                    to.flush().await?;
                    tokio::task::yield_now().await;
                }
            }
            Fault::Split(at) => {
                let cut = at.saturating_sub(passed).min(count);
                to.write_all(&bytes[..cut]).await?;
                to.flush().await?;
                tokio::task::yield_now().await;
                to.write_all(&bytes[cut..]).await?;
            }
        }
        passed += count;
    }
}
