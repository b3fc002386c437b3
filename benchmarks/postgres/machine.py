"""What the figures depend on."""

import os
import platform
import re
import subprocess
from pathlib import Path


def memory_mib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def cores():
    return len(os.sched_getaffinity(0))


def describe(folder):
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    file_system = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True,
                                 check=False)
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": cores(),
        "memory_mib": memory_mib(),
        "kernel": platform.release(),
        "system": system[1] if system else platform.system(),
        "file_system": file_system.stdout.strip(),
        "load_average_at_start": round(os.getloadavg()[0], 2),
    }
